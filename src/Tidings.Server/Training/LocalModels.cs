using Tidings.Models;
using Tidings.Ranking;

namespace Tidings.Server.Training;

/// <summary>Models from files on this machine.</summary>
internal static class LocalModels
{
    private const string Resource = "Tidings.Server.default.onnx";

    /// <exception cref="ModelFileException">It can't rank here.</exception>
    /// <exception cref="IOException">There is no such file.</exception>
    public static IRankingModel Open(string path) => ModelFile.Open(path);

    /// <summary>The model that ships: trained on the simulator by the command that docs/models.md gives.</summary>
    public static IRankingModel Default()
    {
        using var stream = typeof(LocalModels).Assembly.GetManifestResourceStream(Resource) ?? throw new InvalidOperationException($"{Resource} is not embedded.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return ModelFile.Read(bytes, "default");
    }
}
