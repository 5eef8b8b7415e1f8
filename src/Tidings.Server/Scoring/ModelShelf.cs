using Tidings.Models;
using Tidings.ModelServers;
using Tidings.Ranking;

namespace Tidings.Server.Scoring;

/// <summary>
/// Which model ranks. A new one takes over between two pages: a page takes the plan with one look and keeps it to its end, so nothing waits and nothing is dropped.
/// The models before it stay on the shelf, in memory and beside the record, to roll back to. All changes are made one after the other.
/// </summary>
internal sealed class ModelShelf
{
    private readonly Lock _gate = new();
    private readonly RankingPlans _plans;
    private readonly ModelFolder _folder;
    private readonly Func<byte[], string, IRankingModel> _read;
    private readonly IRankingModel? _first;
    private readonly ModelServer? _server;

    /// <summary>The files put in, newest first, with what they hold.</summary>
    private readonly List<(string Path, IRankingModel Model)> _put = [];

    private ShadowedModel? _shadowed;

    /// <param name="first">What ranks where nothing was put in: the file of <c>--model</c>, or the model that ships; null for the first pass.</param>
    /// <param name="read">Bytes and a name → a model.</param>
    /// <param name="server">Is asked first; what ranks here then stands in for it. Null where there is none.</param>
    /// <param name="passedOver">Told of a file beside the record that can't rank any more: after an update the features may be others.</param>
    public ModelShelf(
        RankingPlans plans, ModelFolder folder, IRankingModel? first, ModelServer? server, Func<byte[], string, IRankingModel> read,
        Action<string, ModelFileException> passedOver)
    {
        (_plans, _folder, _first, _server, _read) = (plans, folder, first, server, read);
        foreach (var path in folder.Files)
        {
            try
            {
                _put.Add((path, read(File.ReadAllBytes(path), ModelFolder.NameOf(path))));
            }
            catch (ModelFileException e)
            {
                passedOver(path, e);
            }
        }
        Use();
    }

    /// <summary>Null where the first pass ranks.</summary>
    public IRankingModel? Current
    {
        get
        {
            lock (_gate)
                return Ranks;
        }
    }

    /// <summary>What a roll back brings; null where there is nothing to take away.</summary>
    public IRankingModel? Previous
    {
        get
        {
            lock (_gate)
                return _put.Count == 0 ? null : _put.Count == 1 ? _first : _put[1].Model;
        }
    }

    public ShadowedModel? Shadowed
    {
        get
        {
            lock (_gate)
                return _shadowed;
        }
    }

    /// <summary>Null where no server is asked.</summary>
    public ModelServer? Server => _server;

    private IRankingModel? Ranks => _put.Count > 0 ? _put[0].Model : _first;

    /// <summary>It ranks from the next page on. A shadow ends: it was held against another model. The model that ranks already is left where it is.</summary>
    /// <exception cref="ModelFileException">It can't rank here; nothing has changed.</exception>
    /// <exception cref="IOException">It can't be kept; nothing has changed.</exception>
    public IRankingModel Put(byte[] file, string name)
    {
        var model = _read(file, name);
        Probe(model);
        lock (_gate)
        {
            if (_put.Count > 0 && _put[0].Model.Version == model.Version && _put[0].Model.Name == model.Name)
                return _put[0].Model;
            _put.Insert(0, (_folder.Add(name, file), model));
            if (_put.Count > ModelFolder.KeptMax)
                _put.RemoveAt(ModelFolder.KeptMax);
            _shadowed = null;
            Use();
        }
        return model;
    }

    /// <returns>False where nothing was put in: what the server started with ranks already.</returns>
    public bool RollBack()
    {
        lock (_gate)
        {
            if (_put.Count == 0)
                return false;
            File.Delete(_put[0].Path);
            _put.RemoveAt(0);
            _shadowed = null;
            Use();
            return true;
        }
    }

    /// <returns>False where no model in this process ranks that it could be held against.</returns>
    /// <inheritdoc cref="Put"/>
    public bool PutShadow(byte[] file, string name, int every)
    {
        var shadow = _read(file, name);
        Probe(shadow);
        lock (_gate)
        {
            if (Ranks is not { } ranks || _server is not null)
                return false;
            _shadowed = new ShadowedModel(ranks, shadow, every);
            Use();
            return true;
        }
    }

    public void DropShadow()
    {
        lock (_gate)
        {
            _shadowed = null;
            Use();
        }
    }

    private void Use() => _plans.Use(_server is null ? _shadowed ?? Ranks : new RemoteModel(_server, Ranks));

    /// <summary>A model whose numbers overflow is found out here and not by readers.</summary>
    private static void Probe(IRankingModel model)
    {
        var features = new float[2 * Features.Count];
        features.AsSpan(Features.Count).Fill(1);
        var heads = new float[2 * Heads.Count];
        try
        {
            model.Predict(features, 2, heads);
        }
        catch (RankingModelException e)
        {
            throw new ModelFileException($"The model can't score a probe: {e.Message}", e);
        }
        if (!Array.TrueForAll(heads, float.IsFinite))
            throw new ModelFileException("The model scores a probe with what is no number.");
    }
}
