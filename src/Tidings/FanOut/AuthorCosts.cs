using Tidings.People;

namespace Tidings.FanOut;

/// <summary>Whose posts cost how much, lately.</summary>
/// <param name="Deliveries">In a minute.</param>
/// <param name="Posts">In a minute.</param>
/// <param name="TooHigh">What may be too much in <paramref name="Deliveries"/>, at most.</param>
public readonly record struct AuthorCost(UserId Author, double Deliveries, double Posts, double TooHigh);

/// <summary>
/// The authors whose posts cost most to bring to their readers, in memory of one size however many authors there are.
/// <list type="number">
/// <item>"Space-saving" (Metwally, Agrawal, El Abbadi 2005): each of <see cref="AuthorsMax"/> places counts one author. Whoever comes and has no place takes
/// the one with the least cost and goes on from it; that cost is noted as what may be too much. So every author who costs more than a share of
/// 1 / <see cref="AuthorsMax"/> has a place, and no cost is told too low.</item>
/// <item>Costs fade by half in <see cref="HalfLifeMs"/>. As with affinity it is the new that grows and not the old that shrinks, so the order of the
/// places changes only where something is noted: they are a heap with the least at its top.</item>
/// </list>
/// One writer; whoever reads takes the same lock, which is otherwise free.
/// </summary>
public sealed class AuthorCosts
{
    public const int AuthorsMax = 1_024;
    public const long HalfLifeMs = 5 * 60 * 1_000;

    private const double MsPerMinute = 60_000;

    /// <summary>Half-lives after which all is scaled down again: the largest double has some 1,000 doublings.</summary>
    private const int DoublingsMax = 512;

    private readonly Lock _gate = new();
    private readonly Dictionary<UserId, int> _placeOf = new(AuthorsMax);
    private readonly Place[] _places = new Place[AuthorsMax];
    /// <summary>Places, the least cost at the top.</summary>
    private readonly int[] _heap = new int[AuthorsMax];
    private int _count;
    private long _beganUnixMs, _zeroUnixMs, _weightUnixMs;
    private double _weight, _total;

    /// <summary>A post is with all its readers.</summary>
    /// <param name="deliveries">What that took; 0 where it is left to be pulled, which costs as much as one.</param>
    public void Note(UserId author, int deliveries, long nowUnixMs)
    {
        lock (_gate)
        {
            var weight = WeightAt(nowUnixMs);
            var cost = Math.Max(1, deliveries) * weight;
            _total += cost;
            if (!_placeOf.TryGetValue(author, out var p))
                p = PlaceFor(author);
            ref var place = ref _places[p];
            place.Cost += cost;
            place.Posts += weight;
            Sink(place.HeapAt);
        }
    }

    /// <summary>The costliest authors, the costliest first.</summary>
    /// <param name="deliveries">Of all authors together, in a minute.</param>
    public AuthorCost[] Top(int max, long nowUnixMs, out double deliveries)
    {
        Place[] places;
        double perMinute;
        lock (_gate)
        {
            perMinute = _count == 0 ? 0 : PerMinute(nowUnixMs);
            deliveries = _total * perMinute;
            places = _places[.._count];
        }
        return [.. places.OrderByDescending(place => place.Cost).ThenBy(place => place.Author.Value).Take(max)
            .Select(place => new AuthorCost(place.Author, place.Cost * perMinute, place.Posts * perMinute, place.TooHigh * perMinute))];
    }

    /// <summary>What makes a rate of a faded sum. A steady rate sums up to itself times the half-life by the logarithm of 2, once it has gone on for long.</summary>
    private double PerMinute(long nowUnixMs)
    {
        var age = Math.Max(1_000, nowUnixMs - _beganUnixMs);
        var full = HalfLifeMs / Math.Log(2) * (1 - double.Exp2(-(double)age / HalfLifeMs));
        return MsPerMinute / full / WeightAt(nowUnixMs);
    }

    private double WeightAt(long nowUnixMs)
    {
        if (_beganUnixMs == 0)
            _beganUnixMs = _zeroUnixMs = nowUnixMs;
        if (nowUnixMs == _weightUnixMs)
            return _weight;
        // A clock that steps back must not make what is noted now older than it is.
        nowUnixMs = Math.Max(nowUnixMs, _weightUnixMs);
        if ((nowUnixMs - _zeroUnixMs) / HalfLifeMs >= DoublingsMax)
            Rescale(nowUnixMs);
        (_weightUnixMs, _weight) = (nowUnixMs, double.Exp2((double)(nowUnixMs - _zeroUnixMs) / HalfLifeMs));
        return _weight;
    }

    private void Rescale(long nowUnixMs)
    {
        var by = double.Exp2(-(double)(nowUnixMs - _zeroUnixMs) / HalfLifeMs);
        foreach (ref var place in _places.AsSpan(0, _count))
            place = place with { Cost = place.Cost * by, Posts = place.Posts * by, TooHigh = place.TooHigh * by };
        _total *= by;
        _zeroUnixMs = nowUnixMs;
    }

    private int PlaceFor(UserId author)
    {
        if (_count < AuthorsMax)
        {
            var p = _count++;
            _places[p] = new Place(author, 0, 0, 0, p);
            _placeOf[author] = _heap[p] = p;
            // Costs nothing yet, so the top is where it belongs.
            Rise(p);
            return p;
        }
        var least = _heap[0];
        var cost = _places[least].Cost;
        _placeOf.Remove(_places[least].Author);
        _places[least] = new Place(author, cost, 0, cost, 0);
        _placeOf[author] = least;
        return least;
    }

    private double CostAt(int at) => _places[_heap[at]].Cost;

    private void Rise(int at)
    {
        while (at > 0 && CostAt((at - 1) / 2) > CostAt(at))
            at = Swap(at, (at - 1) / 2);
    }

    private void Sink(int at)
    {
        while (true)
        {
            var (least, left) = (at, 2 * at + 1);
            for (var child = left; child < Math.Min(left + 2, _count); child++)
            {
                if (CostAt(child) < CostAt(least))
                    least = child;
            }
            if (least == at)
                return;
            at = Swap(at, least);
        }
    }

    /// <returns>Where it is now.</returns>
    private int Swap(int at, int with)
    {
        (_heap[at], _heap[with]) = (_heap[with], _heap[at]);
        _places[_heap[at]].HeapAt = at;
        _places[_heap[with]].HeapAt = with;
        return with;
    }

    private record struct Place(UserId Author, double Cost, double Posts, double TooHigh, int HeapAt);
}
