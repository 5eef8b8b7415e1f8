namespace Tidings.Models;

/// <summary>A file is no model that can rank here; the message names what is wrong and where. The only exception that reading one throws.</summary>
public sealed class ModelFileException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>What a model file may ask for. A file over a limit is refused before memory is taken for it.</summary>
public static class ModelLimits
{
    /// <summary>64 MiB. The network that ships has 10 KB, a forest of 400 × 31 leaves 1 MB.</summary>
    public const int FileBytesMax = 64 * 1024 * 1024;

    /// <summary>Nodes of an ONNX graph that we evaluate ourselves.</summary>
    public const int GraphNodesMax = 256;

    /// <summary>Values between two layers: the evaluator's tables lie on the stack.</summary>
    public const int LayerWidthMax = 256;

    public const int LayersMax = 64;

    public const int TreesMax = 20_000;

    /// <summary>Splits and leaves of all trees.</summary>
    public const int TreeNodesMax = 2_000_000;

    /// <summary>Splits between root and leaf.</summary>
    public const int TreeDepthMax = 64;

    /// <summary>Characters of a name or version that a file gives itself.</summary>
    public const int NameCharsMax = 80;
}
