using Tidings.Models.Evaluation;

namespace Tidings.Server.Training;

/// <summary>Looks into feeds whose outcomes are still coming in: a reaction belongs to every look of the last hours that held the post.</summary>
internal sealed class OpenLooks(long openMs)
{
    private readonly Dictionary<(int Reader, int Post), List<(LabelledSlate Slate, int At)>> _open = [];
    private readonly HashSet<(int Reader, int Post)> _reacted = [];

    public bool HasReacted(int reader, int post) => _reacted.Contains((reader, post));

    public void Add(int reader, int[] candidates, LabelledSlate slate)
    {
        for (var i = 0; i < candidates.Length; i++)
        {
            if (!_open.TryGetValue((reader, candidates[i]), out var looks))
                _open[(reader, candidates[i])] = looks = [];
            looks.Add((slate, i));
        }
    }

    public void Came(int reader, int post, Outcome kind, long unixMs)
    {
        _reacted.Add((reader, post));
        if (!_open.TryGetValue((reader, post), out var looks))
            return;
        foreach (var (slate, at) in looks)
        {
            if (unixMs - slate.UnixMs <= openMs)
                slate.Outcomes[at] |= kind;
        }
    }
}
