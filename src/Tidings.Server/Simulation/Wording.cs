using System.Text;
using Tidings.Posts;

namespace Tidings.Server.Simulation;

/// <summary>
/// The texts of a simulated network: a small grammar over the words of <see cref="Topics"/>. {t} stands for a thing, {d} for a doing, {g} for an
/// adjective, {p} for a place. A text is a function of the seed and the action, so nothing has to be kept.
/// </summary>
internal static class Wording
{
    private static readonly string[] FirstNames =
    [
        "Ada", "Linus", "Grace", "Alan", "Edsger", "Barbara", "Donald", "Margaret", "Dennis", "Radia", "Ken", "Frances",
        "Tony", "Hedy", "Niklaus", "Katherine", "Bjarne", "Annie", "Leslie", "Joan", "Vint", "Mary", "Claude", "Sophie",
        "Rosa", "Emil", "Noor", "Jonas", "Mina", "Otto", "Lena", "Ravi", "Yuki", "Pablo", "Ines", "Tariq",
        "Olga", "Hugo", "Amara", "Sven", "Carla", "Idris", "Nadia", "Felix", "Greta", "Mateo", "Aiko", "Bram",
        "Zora", "Milan", "Freya", "Kofi", "Elsa", "Nils", "Leila", "Anton", "Vera", "Omar", "Ida", "Lars",
    ];

    private static readonly string[] LastNames =
    [
        "Almond", "Birch", "Calder", "Dale", "Ember", "Fenn", "Garner", "Hollis", "Ivers", "Juniper", "Kestrel", "Larch",
        "Marlow", "North", "Orchard", "Pine", "Quill", "Rowan", "Sorrel", "Thorne", "Umber", "Vale", "Wren", "Yarrow",
    ];

    private static readonly string[] Openers =
    [
        "Today I {d}.", "Finally {d} {p}.", "Spent the morning {p} with {t}.", "{t}, {p}: what more does one need?",
        "There is nothing like {t} when it is {g}.", "I {d}, and it was worth it.", "Does anyone else think that {t} can be too {g}?",
        "Found {t} {p}.", "My neighbour {d} {p} and told nobody.", "Small victory: {d}.", "Question for those who know: is {t} meant to be this {g}?",
        "Second attempt at {t}. Still {g}.",
    ];

    private static readonly string[] Sentences =
    [
        "It was {g}, {g} even.", "The trick is {t}.", "Tomorrow I try it {p}.", "A friend {d} and swears by it.", "I had forgotten how {g} it gets {p}.",
        "Next time without {t}.", "Nobody warns you about {t}.", "Then somebody {d}, and that was that.", "All it took was {t} and some patience.",
        "Last year somebody {d}, and now I see why.", "It looks {g} but it holds.", "You should have seen {t}.",
    ];

    private static readonly string[] Closers =
        ["Ideas welcome.", "Worth it.", "More soon.", "Never again. Until Saturday.", "Good night.", "Your turn.", "I regret nothing.", "Pictures to follow."];

    private static readonly string[] Comments =
    [
        "Lovely. Was it very {g}?", "I once {d}, same result.", "Try it {p} next time.", "This made my day.", "So {g}!", "Have you thought of {t}?",
        "I did not know that about {t}.", "Agreed, and more so {p}.", "Ha, {t} again.", "How long did that take?", "Teach me.", "Mine came out rather {g}.",
    ];

    private static readonly string[] Answers =
        ["Thank you! It was {g}.", "Longer than I would admit.", "Yes, {p}, mostly.", "Good point about {t}.", "I will try that.", "Only because I {d} before."];

    private static readonly string[] Captions = ["{t}, {p}.", "{t} {p}. So {g}.", "Before and after I {d}.", "Look at this.", "{g}, isn't it?"];

    /// <summary>The first people have plain handles; from then on a number tells them apart.</summary>
    public static SimulatedPerson Person(ulong seed, int index, byte topic)
    {
        var random = new SimRandom(seed, Draw.Person, index);
        var first = index < FirstNames.Length ? FirstNames[index] : random.Pick<string>(FirstNames);
        var handle = first.ToLowerInvariant() + (index < FirstNames.Length ? "" : $"_{index}");
        var about = Topics.All[topic];
        var bio = random.Below(4) switch
        {
            0 => "",
            1 => $"Mostly {about.Name}.",
            2 => $"{Capital(about.Name)} and {random.Pick<Topic>(Topics.All).Name}.",
            _ => Capital(Fill("I like {t}, best {p}.", about, ref random)),
        };
        return new SimulatedPerson(index, handle, $"{first} {random.Pick<string>(LastNames)}", bio);
    }

    public static PostBody Post(ulong seed, in SimulatedAction post)
    {
        var random = new SimRandom(seed, Draw.Wording, post.Post, post.UnixMs);
        var topic = Topics.All[post.Topic];
        return post.Type switch
        {
            PostType.Image => new(Say(random.Pick<string>(Captions), topic, ref random), Media(ref random, "img", 1 + random.Below(4))),
            PostType.Video => new(Say(random.Pick<string>(Captions), topic, ref random), Media(ref random, "vid", 1)),
            PostType.Link => new($"{Text(topic, ref random, sentences: 1)} https://{topic.Name}.example/{random.Below(10_000)}", []),
            _ => new(Text(topic, ref random, sentences: (int)Math.Min(12, random.Pareto(1, 1.3)) - 1), []),
        };
    }

    public static string Comment(ulong seed, in SimulatedAction comment)
    {
        var random = new SimRandom(seed, Draw.CommentWording, comment.Post, comment.UnixMs ^ comment.Actor);
        return Say(random.Pick<string>(comment.Actor == comment.Author ? Answers : Comments), Topics.All[comment.Topic], ref random);
    }

    /// <param name="sentences">Between the opener and the closer, which half of the texts have.</param>
    private static string Text(Topic topic, ref SimRandom random, int sentences)
    {
        var text = new StringBuilder(Say(random.Pick<string>(Openers), topic, ref random));
        for (var i = 0; i < sentences; i++)
            text.Append(' ').Append(Say(random.Pick<string>(Sentences), topic, ref random));
        if (random.Chance(0.5))
            text.Append(' ').Append(random.Pick<string>(Closers));
        return text.ToString();
    }

    private static string Say(string pattern, Topic topic, ref SimRandom random) => Capital(Fill(pattern, topic, ref random));

    private static string Fill(string pattern, Topic topic, ref SimRandom random)
    {
        var text = new StringBuilder(pattern.Length * 2);
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] != '{')
            {
                text.Append(pattern[i]);
                continue;
            }
            text.Append(random.Pick<string>(pattern[i + 1] switch { 't' => topic.Things, 'd' => topic.Doings, 'g' => topic.Goods, _ => topic.Places }));
            i += 2;
        }
        return text.ToString();
    }

    private static string[] Media(ref SimRandom random, string kind, int count)
    {
        var ids = new string[count];
        for (var i = 0; i < count; i++)
            ids[i] = $"{kind}_{random.Next():x16}";
        return ids;
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
