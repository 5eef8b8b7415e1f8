using System.Globalization;
using System.Text.Json;
using Tidings.Ranking;

namespace Tidings.Models.Trees;

/// <summary>
/// XGBoost's JSON format, 1.x to 3.x: <c>Booster.save_model("….json")</c>. A model of four targets (<c>num_target</c> 4, binary:logistic) has the
/// four heads; so have four models of one target one after the other, in the order like, comment, share, hide; a single one predicts likes only.
/// Not implemented, and refused: dart and linear boosters, categorical splits, leaves that are vectors, other objectives.
/// </summary>
internal static class XgboostJson
{
    private const string Learner = "learner";

    /// <summary>It is JSON whose first object has the one that all of XGBoost's is in. What is broken only after that is damaged, and still XGBoost's.</summary>
    public static bool Looks(ReadOnlySpan<byte> file)
    {
        if (!IsJson(file))
            return false;
        var json = new Utf8JsonReader(file, new JsonReaderOptions { AllowMultipleValues = true });
        try
        {
            json.Read();
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var isLearner = json.ValueTextEquals(Learner);
                if (!json.Read())
                    return false;
                if (isLearner)
                    return json.TokenType == JsonTokenType.StartObject;
                json.Skip();
            }
            return false;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Broken before the learner came: it could be anybody's.
            return false;
        }
    }

    public static bool IsJson(ReadOnlySpan<byte> file) => file.TrimStart(" \t\r\n"u8).StartsWith("{"u8);

    /// <exception cref="ModelFileException">It is damaged, or has what isn't implemented.</exception>
    public static Forest Read(ReadOnlySpan<byte> file)
    {
        var forests = new List<Forest>();
        try
        {
            var json = new Utf8JsonReader(file, new JsonReaderOptions { AllowMultipleValues = true });
            while (json.Read())
            {
                if (forests.Count == Heads.Count)
                    throw new ModelFileException($"The file holds more than {Heads.Count} XGBoost models.");
                using var document = JsonDocument.ParseValue(ref json);
                forests.Add(Read(document.RootElement));
            }
        }
        catch (JsonException e)
        {
            throw new ModelFileException($"XGBoost's file is no JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine}.", e);
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException)
        {
            throw new ModelFileException($"XGBoost's file has a value of another kind than expected: {e.Message}", e);
        }
        if (forests.Count == 1)
            return forests[0];
        return forests.Count == Heads.Count && forests.TrueForAll(f => f.Outputs == 1)
            ? new Forest(Heads.Count, [.. forests.Select(f => f.Bases[0])], true, [.. forests.SelectMany((f, head) => f.Trees.Select(t => t with { Output = head }))])
            : throw new ModelFileException($"The file holds {forests.Count} XGBoost models; it holds 1, or {Heads.Count} of one target each.");
    }

    private static Forest Read(JsonElement root)
    {
        var learner = Member(root, Learner);
        var parameters = Member(learner, "learner_model_param");
        var objective = Text(Member(learner, "objective"), "name");
        var isRank = objective.StartsWith("rank:", StringComparison.Ordinal);
        if (objective is not ("binary:logistic" or "reg:logistic" or "binary:logitraw") && !isRank)
            throw new ModelFileException($"The objective {ModelFile.Quoted(objective)} of XGBoost is not implemented; binary:logistic and rank:… are.");
        var booster = Member(learner, "gradient_booster");
        if (Text(booster, "name") != "gbtree")
            throw new ModelFileException($"The booster {ModelFile.Quoted(Text(booster, "name"))} of XGBoost is not implemented; gbtree is.");
        var outputs = Math.Max(Number(parameters, "num_class", 0), Number(parameters, "num_target", 1));
        if (outputs is not (1 or Heads.Count))
            throw new ModelFileException($"XGBoost's model has {outputs} outputs; a model has {Heads.Count}, or 1 for likes alone.");
        var names = learner.TryGetProperty("feature_names", out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Select(name => name.GetString() ?? "").ToArray()
            : [];
        var columns = FeatureOrder.Of(names, Number(parameters, "num_feature", 0));
        var model = Member(booster, "model");
        var trees = Member(model, "trees").EnumerateArray().ToArray();
        var info = Member(model, "tree_info").EnumerateArray().Select(i => i.GetInt32()).ToArray();
        if (trees.Length is 0 or > ModelLimits.TreesMax || info.Length != trees.Length)
            throw new ModelFileException($"XGBoost's model has {trees.Length:N0} trees and tree_info of {info.Length:N0}; it has 1 to {ModelLimits.TreesMax:N0}.");
        return new Forest(outputs, Bases(Text(parameters, "base_score"), outputs, isLogit: isRank || objective == "binary:logitraw"), true,
            [.. trees.Select((tree, t) => Tree(tree, t, info[t], columns))]);
    }

    /// <summary>A number, or since 3.x a list of them. Of the logistic objectives it is a probability.</summary>
    private static float[] Bases(string text, int outputs, bool isLogit)
    {
        var cells = text.Trim('[', ']').Split(',');
        var bases = new float[outputs];
        for (var i = 0; i < outputs; i++)
        {
            if ((cells.Length != 1 && cells.Length != outputs)
                || !double.TryParse(cells[cells.Length == 1 ? 0 : i], NumberStyles.Float, CultureInfo.InvariantCulture, out var score)
                || !double.IsFinite(score) || (!isLogit && score is <= 0 or >= 1))
                throw new ModelFileException($"XGBoost's base_score is {ModelFile.Quoted(text)}.");
            bases[i] = (float)(isLogit ? score : Math.Log(score / (1 - score)));
        }
        return bases;
    }

    private static Tree Tree(JsonElement tree, int number, int output, int[] columns)
    {
        var what = $"XGBoost's tree {number}";
        if (Number(Member(tree, "tree_param"), "size_leaf_vector", 1) > 1)
            throw new ModelFileException($"{what} has vectors in its leaves, which is not implemented.");
        var left = Column(tree, "left_children", -1, what, e => e.GetInt32());
        var count = left.Length;
        var right = Column(tree, "right_children", count, what, e => e.GetInt32());
        var feature = Column(tree, "split_indices", count, what, e => e.GetInt32());
        var threshold = Column(tree, "split_conditions", count, what, e => e.GetSingle());
        var nanLeft = Column(tree, "default_left", count, what, e => e.ValueKind == JsonValueKind.True || (e.ValueKind == JsonValueKind.Number && e.GetInt32() != 0));
        if (tree.TryGetProperty("split_type", out var types) && types.EnumerateArray().Any(t => t.GetInt32() != 0))
            throw new ModelFileException($"{what} has categorical splits, which are not implemented.");
        return Forest.Arrange(what, output, count, Features.Count, index =>
        {
            if (left[index] < 0)
                return TreeNode.Leaf(threshold[index]);
            if ((uint)feature[index] >= (uint)columns.Length)
                throw new ModelFileException($"{what} splits by the feature {feature[index]} of {columns.Length}.");
            return new TreeNode(columns[feature[index]], Forest.Below(threshold[index]), nanLeft[index], left[index], right[index], 0);
        });
    }

    private static T[] Column<T>(JsonElement tree, string name, int count, string what, Func<JsonElement, T> read)
    {
        var cells = Member(tree, name).EnumerateArray().Select(read).ToArray();
        return cells.Length == count || count < 0 ? cells : throw new ModelFileException($"{what} has {cells.Length} values of {name}, not {count}.");
    }

    private static JsonElement Member(JsonElement of, string name) => of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var found)
        ? found
        : throw new ModelFileException($"XGBoost's file has no {name} where one is.");

    private static string Text(JsonElement of, string name) => Member(of, name).GetString() ?? "";

    /// <summary>Numbers of parameters are written as texts.</summary>
    private static int Number(JsonElement of, string name, int fallback)
    {
        if (!of.TryGetProperty(name, out var found))
            return fallback;
        return int.TryParse(found.ToString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= 0
            ? value
            : throw new ModelFileException($"XGBoost's {name} is {ModelFile.Quoted(found.ToString())}.");
    }
}
