using Tidings.Models;
using Tidings.OnnxRuntime;
using Tidings.Ranking;

namespace Tidings.Server.Scoring;

/// <summary>Models from files on this machine.</summary>
internal static class LocalModels
{
    /// <summary>What <c>--model</c> says for the model that ships, and for none.</summary>
    public const string Shipped = "default", None = "none";

    private const string Resource = "Tidings.Server.default.onnx";

    /// <param name="model">A path, or a word.</param>
    /// <returns>Null where the first pass is to rank.</returns>
    /// <exception cref="ModelFileException">It can't rank here.</exception>
    /// <exception cref="IOException">There is no such file, or it can't be read.</exception>
    public static IRankingModel? Of(string model) => model switch
    {
        None => null,
        Shipped => Default(),
        _ => ModelFile.Open(model, OnnxRuntime),
    };

    /// <exception cref="ModelFileException">It can't rank here.</exception>
    public static IRankingModel Read(byte[] file, string name) => ModelFile.Read(file, name, OnnxRuntime);

    /// <summary>ONNX graphs that we don't evaluate ourselves.</summary>
    private static IRankingModel OnnxRuntime(byte[] file, string name, string version)
    {
        try
        {
            return new OnnxRuntimeModel(file, name, version);
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelFileException(e.Message, e);
        }
    }

    /// <summary>The model that ships: trained on the simulator by the command that docs/models.md gives.</summary>
    public static IRankingModel Default()
    {
        using var stream = typeof(LocalModels).Assembly.GetManifestResourceStream(Resource) ?? throw new InvalidOperationException($"{Resource} is not embedded.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return ModelFile.Read(bytes, Shipped);
    }
}
