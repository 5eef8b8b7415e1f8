namespace Tidings.Server.Hosting;

/// <summary>What the start says to whoever sits at the terminal: where it is, the key that is shown once, what to try next.</summary>
internal static class Welcome
{
    /// <summary>Written at once, so that no line of the log comes between on a terminal.</summary>
    public static void Print(TextWriter output, TidingsServer server)
    {
        using var text = new StringWriter { NewLine = output.NewLine };
        Write(text, server);
        output.Write(text.ToString());
        output.Flush();
    }

    private static void Write(StringWriter output, TidingsServer server)
    {
        var address = server.Addresses.First();
        output.WriteLine($"Tidings listens on {string.Join(" and ", server.Addresses)}");
        output.WriteLine(server.Demo is null ? $"Open {address} in a browser, and join." : $"Open {address} in a browser: the demo's people are a click away.");
        if (server.NewAdminKey is { } key)
            output.WriteLine($"\nThe admin key, shown this once: keep it.\n  {key}");
        if (server.Demo is { } demo)
        {
            output.WriteLine("\nDemo people, signed in:");
            foreach (var person in demo.People)
                output.WriteLine($"  {person.Name,-24} handle {person.Handle,-16} password {person.Password ?? "shown at the first start",-14} token {person.Token}");
        }

        output.WriteLine("\nTry next:");
        if (server.Demo?.People is [var reader, var other, ..])
            PrintDemo(output, address, reader.Token, other.Id.ToString());
        else
            PrintEmpty(output, address);
        output.WriteLine($"\n  {address}/openapi/v1.json says the rest; {address}/readyz?verbose how it is. Ctrl+C stops it.");
    }

    private static void PrintDemo(StringWriter output, string address, string token, string person) => output.WriteLine(
        $$"""
          TOKEN={{token}}
          curl -s '{{address}}/v1/feed?limit=3' -H "Authorization: Bearer $TOKEN"
          curl -s {{address}}/v1/posts -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{"text":"Hello, everybody"}'
          curl -s -X PUT {{address}}/v1/me/following/{{person}} -H "Authorization: Bearer $TOKEN"
        """);

    private static void PrintEmpty(StringWriter output, string address) => output.WriteLine(
        $$"""
          curl -s {{address}}/v1/people -H 'Content-Type: application/json' -d '{"handle":"ana","name":"Ana","password":"a long password"}'
          TOKEN=…        the token of the answer
          curl -s {{address}}/v1/posts -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{"text":"Hello"}'
          curl -s {{address}}/v1/feed -H "Authorization: Bearer $TOKEN"
        """);
}
