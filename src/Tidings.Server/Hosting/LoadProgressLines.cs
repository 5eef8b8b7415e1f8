using System.Globalization;
using Tidings.Embedded;

namespace Tidings.Server.Hosting;

/// <summary>Says how the loading of a large record goes: a line for each tenth. A small one loads in silence.</summary>
internal sealed class LoadProgressLines(TextWriter output) : IProgress<LoadProgress>
{
    private const long LongRows = 1_000_000;

    private string _stage = "";
    private long _tenth;

    public void Report(LoadProgress value)
    {
        lock (output)
        {
            var tenth = value.Total == 0 ? 0 : value.Done * 10 / value.Total;
            if (value.Total < LongRows || (value.Stage == _stage && tenth <= _tenth))
                return;
            _stage = value.Stage;
            _tenth = tenth;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"loading {value.Stage}: {value.Done:N0} of {value.Total:N0}"));
        }
    }
}
