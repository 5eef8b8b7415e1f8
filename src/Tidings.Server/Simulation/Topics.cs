namespace Tidings.Server.Simulation;

/// <summary>The words of one thing that people write about.</summary>
/// <param name="Things">With an article: "a tomato".</param>
/// <param name="Doings">Past tense, with an object: "repotted the basil".</param>
/// <param name="Goods">Adjectives.</param>
/// <param name="Places">With a preposition.</param>
internal sealed record Topic(string Name, string[] Things, string[] Doings, string[] Goods, string[] Places);

/// <summary>What the communities of a simulated network write about. The order is part of what a seed gives: new topics go to the end.</summary>
internal static class Topics
{
    public static readonly Topic[] All =
    [
        new("gardening",
            ["a late tomato", "an apple tree", "a bed of lupins", "the compost", "a stubborn slug", "a fig", "the first radish", "a wild rose"],
            ["repotted the basil", "pruned the roses", "sowed the spinach", "turned the compost", "staked the beans", "lifted the dahlias"],
            ["overgrown", "fragrant", "frost-bitten", "ripe", "patient", "green"],
            ["in the greenhouse", "by the south wall", "on the balcony", "at the allotment"]),
        new("cooking",
            ["a sourdough", "a pot of lentils", "a plum cake", "the good knife", "a miso broth", "a burnt onion", "a jar of pickles", "fresh pasta"],
            ["braised the leeks", "proved the dough", "burnt the garlic", "salted the butter", "sharpened the knives", "preserved the lemons"],
            ["crisp", "smoky", "undercooked", "tender", "bitter", "generous"],
            ["in a tiny kitchen", "over an open fire", "at the market", "for twelve guests"]),
        new("astronomy",
            ["a globular cluster", "a shooting star", "a crescent moon", "Saturn", "a lunar eclipse", "the Andromeda galaxy", "a faint comet", "a double star"],
            ["collimated the telescope", "stacked forty frames", "found Vega by noon", "sketched a crater", "timed an occultation", "lost the comet"],
            ["faint", "crystal clear", "cloudy", "splendid", "wobbly", "distant"],
            ["from the roof", "under a dark sky", "before dawn", "out on the moor"]),
        new("running",
            ["a long run", "the hill repeats", "a new pair of shoes", "a half marathon", "the last kilometre", "a muddy trail", "a rest day", "a stitch"],
            ["ran to the lighthouse", "missed the turn", "paced a friend", "tied both laces twice", "beat my old time", "walked the last hill"],
            ["tired", "steady", "soaked", "quick", "stiff", "happy"],
            ["along the canal", "in the rain", "round the reservoir", "before breakfast"]),
        new("chess",
            ["a rook ending", "the French Defence", "a quiet move", "a hanging bishop", "a perpetual check", "a lost pawn", "a blitz game", "a back-rank mate"],
            ["sacrificed the exchange", "missed a fork", "drew by repetition", "solved a study", "castled too late", "resigned one move too early"],
            ["sharp", "drawn", "dubious", "elegant", "cramped", "winning"],
            ["at the club", "on board four", "in time trouble", "against the champion"]),
        new("music",
            ["a cello suite", "a broken string", "the second movement", "an old synthesiser", "a brass band", "a demo tape", "a waltz", "the encore"],
            ["tuned the piano", "learned the bridge", "recorded two takes", "missed the cue", "wrote a chorus", "rehearsed the finale"],
            ["mellow", "out of tune", "loud", "lyrical", "restless", "tender"],
            ["in the church hall", "backstage", "at the open mic", "on the night bus"]),
        new("film",
            ["a silent film", "a long take", "the director's cut", "a bad sequel", "a matinee", "a heist film", "the closing scene", "a documentary"],
            ["rewatched the trilogy", "cried at the ending", "walked out halfway", "spliced a reel", "stayed for the credits", "guessed the twist"],
            ["grainy", "slow", "gripping", "overlong", "underrated", "bright"],
            ["at the old cinema", "in the front row", "on a rainy Sunday", "with subtitles"]),
        new("trains",
            ["a night train", "a steam engine", "a missed connection", "the branch line", "a signal box", "a viaduct", "a sleeper car", "the last service"],
            ["caught the 6:14", "crossed the viaduct", "changed at the junction", "photographed a shunter", "waited for the points", "waved at the driver"],
            ["delayed", "rattling", "punctual", "scenic", "empty", "rusty"],
            ["at platform nine", "through the valley", "across the border", "behind the depot"]),
        new("birds",
            ["a kingfisher", "a pair of swifts", "the dawn chorus", "a nuthatch", "a lost goose", "a barn owl", "a flock of waxwings", "a noisy wren"],
            ["counted forty lapwings", "heard the first cuckoo", "filled the feeder", "ringed a warbler", "mistook a bag for a heron", "mended the nest box"],
            ["shy", "early", "rare", "loud", "tiny", "migrating"],
            ["by the reed bed", "over the estuary", "in the hedge", "from the hide"]),
        new("woodworking",
            ["a dovetail", "a plank of ash", "a wobbly stool", "the old plane", "a walnut box", "a splinter", "a bookshelf", "a spokeshave"],
            ["cut the tenons", "oiled the bench", "glued the frame", "planed it twice", "turned a bowl", "measured once, sadly"],
            ["square", "warped", "smooth", "oiled", "rough", "solid"],
            ["in the shed", "on the lathe", "at the workbench", "out of scrap"]),
        new("maps",
            ["an atlas", "a contour line", "a footpath", "a misplaced village", "a tide table", "a compass", "a street plan", "a blank corner"],
            ["mapped the alley", "followed the old border", "fixed a street name", "drew the coastline", "walked every lane", "surveyed the pond"],
            ["faded", "precise", "upside-down", "folded", "ancient", "handy"],
            ["on sheet 42", "along the ridge", "near the old mill", "beyond the last bus stop"]),
        new("programming",
            ["a race condition", "a clean diff", "an old compiler", "a failing test", "a tiny parser", "an off-by-one error", "a cache", "a good error message"],
            ["deleted a thousand lines", "bisected the regression", "renamed everything", "wrote the test first", "profiled the hot loop", "read the manual"],
            ["flaky", "elegant", "undocumented", "fast", "legacy", "simple"],
            ["in production", "on a Friday", "behind a flag", "after midnight"]),
    ];

    public static byte Of(int community) => (byte)(community % All.Length);
}
