using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Tidings.Server.Hosting;

/// <summary>One option of the command line, and the variable of the same name: <c>--hot-posts</c> is <c>TIDINGS_HOT_POSTS</c>. The command line
/// wins.</summary>
internal sealed class Setting
{
    public const string Prefix = "TIDINGS_";

    private readonly Func<ServeOptions, string, ServeOptions?> _read;

    private Setting(string name, string description, bool isFlag, Func<ServeOptions, string, ServeOptions?> read)
    {
        _read = read;
        Key = Prefix + name.TrimStart('-').Replace('-', '_').ToUpperInvariant();
        Option = new Option<string>(name)
        {
            Description = description,
            HelpName = isFlag ? "true|false" : name.TrimStart('-'),
            Arity = isFlag ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
        };
    }

    public Option<string> Option { get; }

    public string Key { get; }

    public static Setting Text(string name, string description, Func<ServeOptions, string> get, Func<ServeOptions, string, ServeOptions> set) =>
        new(name, get(new ServeOptions()) is { Length: > 0 } fallback ? $"{description} Default {fallback}." : description, false,
            (options, text) => text.Length > 0 ? set(options, text) : null);

    public static Setting Flag(string name, string description, Func<ServeOptions, bool, ServeOptions> set) =>
        new(name, description, true, (options, text) => text switch
        {
            "" or "true" or "1" => set(options, true),
            "false" or "0" => set(options, false),
            _ => null,
        });

    public static Setting Number(
        string name, string description, int min, int max, Func<ServeOptions, int> get, Func<ServeOptions, int, ServeOptions> set) =>
        new(name, string.Create(CultureInfo.InvariantCulture, $"{description} {min:N0} to {max:N0}; default {get(new ServeOptions()):N0}."), false,
            (options, text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
                ? set(options, number)
                : null);

    public static Setting OneOf<T>(string name, string description, Func<ServeOptions, T> get, Func<ServeOptions, T, ServeOptions> set)
        where T : struct, Enum
    {
        var names = Enum.GetNames<T>().Select(n => n.ToLowerInvariant()).ToArray();
        var fallback = get(new ServeOptions()).ToString().ToLowerInvariant();
        return new(name, $"{description} One of: {string.Join(", ", names)}; default {fallback}.", false,
            (options, text) => names.Contains(text) ? set(options, Enum.Parse<T>(text, ignoreCase: true)) : null);
    }

    public static Setting OneOf(
        string name, string description, IReadOnlyCollection<string> names, Func<ServeOptions, string> get, Func<ServeOptions, string, ServeOptions> set) =>
        new(name, $"{description} One of: {string.Join(", ", names)}; default {get(new ServeOptions())}.", false,
            (options, text) => names.Contains(text) ? set(options, text) : null);

    /// <summary>Adds to the errors where the text is none that this setting can have.</summary>
    public ServeOptions Read(
        ServeOptions options, ParseResult line, IReadOnlyDictionary<string, string> environment, ICollection<string> errors)
    {
        string source, text;
        if (line.GetResult(Option) is { Implicit: false } given)
            (source, text) = (Option.Name, given.Tokens.Count == 0 ? "" : given.Tokens[0].Value);
        else if (environment.TryGetValue(Key, out var variable))
            (source, text) = (Key, variable);
        else
            return options;

        if (_read(options, text) is { } changed)
            return changed;
        errors.Add($"{source} is '{text}'. {Option.Description}");
        return options;
    }
}
