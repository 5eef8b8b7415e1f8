using System.Globalization;
using Tidings.People;

namespace Tidings.Import;

/// <summary>
/// People with handles of their own. Whoever's handle is there already stays as they are. A person whose id in the source is a number is
/// noted, so that an edge list imported after it in the same go finds them by it.
/// </summary>
internal sealed class PeopleImport(ImportRun run, IBulkLoad bulk, IdMap known)
{
    private const int PeoplePerBatchMax = 4_096;

    public async Task<long> RunAsync(long nowUnixMs, CancellationToken ct)
    {
        var reader = new NdjsonReader(run.Content, run.Bad, nowUnixMs);
        var lines = new List<PersonLine>(PeoplePerBatchMax);
        var ids = new UserId[PeoplePerBatchMax];
        PersonLine? person;
        do
        {
            person = reader.ReadPerson();
            if (person is not null)
                lines.Add(person);
            if (person is not null && lines.Count < PeoplePerBatchMax)
                continue;

            var people = lines.ConvertAll(l => new NewPerson(l.Handle, l.Name, l.Bio, []));
            run.PeopleAdded += await bulk.AddPeopleAsync(people, ids.AsMemory(0, lines.Count), ct);
            for (var i = 0; i < lines.Count; i++)
            {
                if (ulong.TryParse(lines[i].Id, NumberStyles.None, CultureInfo.InvariantCulture, out var external))
                    known.Set(external, ids[i]);
            }
            await run.StoreAsync(lines.Count, reader.Line, [], [], ct);
            lines.Clear();
        }
        while (person is not null);
        return reader.Line;
    }
}
