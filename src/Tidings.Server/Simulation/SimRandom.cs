namespace Tidings.Server.Simulation;

/// <summary>What a stream of random numbers is for: numbers of one purpose never depend on how many another one took.</summary>
internal enum Draw : ulong { Person = 1, Follow, FollowBack, Friendship, Post, Reaction, Wording, CommentWording, Look, Liking, World, Law }

/// <summary>
/// SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014). A generator costs nothing to make, so every
/// person, post and pair has one of its own, named by seed, purpose and up to two numbers: any part of a network can be made again alone.
/// The same seed gives the same numbers with every version of .NET, which System.Random does not promise.
/// </summary>
internal struct SimRandom(ulong seed, Draw purpose, long a = 0, long b = 0)
{
    private ulong _state = Mix(Mix(Mix(seed + (ulong)purpose * Step) + (ulong)a * Step) + (ulong)b * Step);

    private const ulong Step = 0x9E37_79B9_7F4A_7C15;

    public ulong Next() => Mix(_state += Step);

    /// <summary>0 inclusive to 1 exclusive.</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1ul << 53));

    /// <summary>0 to <paramref name="end"/> − 1.</summary>
    public int Below(int end) => (int)Math.BigMul(Next(), (ulong)end, out _);

    public bool Chance(double probability) => Unit() < probability;

    public double Exponential(double mean) => -mean * Math.Log(1 - Unit());

    /// <summary>Box and Muller's, one of the two.</summary>
    public double Normal() => Math.Sqrt(-2 * Math.Log(1 - Unit())) * Math.Cos(2 * Math.PI * Unit());

    public double LogNormal(double median, double sigma) => median * Math.Exp(sigma * Normal());

    public double Between(double from, double to) => from + (to - from) * Unit();

    /// <summary>As likely in each doubling: for what differs by factors.</summary>
    public double LogBetween(double from, double to) => from * Math.Exp(Unit() * Math.Log(to / from));

    /// <summary>At least <paramref name="min"/>, with P(above x) = (min / x)^exponent.</summary>
    public double Pareto(double min, double exponent) => min * Math.Pow(1 - Unit(), -1 / exponent);

    /// <summary>0 to <paramref name="end"/> − 1, rank r with a probability that falls like 1 / (r + 1)^exponent: the continuous Zipf law, inverted.</summary>
    /// <param name="exponent">Above 0 and below 1.</param>
    public int Zipf(int end, double exponent)
    {
        var power = 1 - exponent;
        var rank = Math.Pow(Unit() * (Math.Pow(end + 1.0, power) - 1) + 1, 1 / power) - 1;
        return Math.Min(end - 1, (int)rank);
    }

    public T Pick<T>(ReadOnlySpan<T> from) => from[Below(from.Length)];

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return z ^ (z >> 31);
    }
}
