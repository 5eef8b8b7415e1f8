namespace Tidings.Bench;

internal static class Usage
{
    public static int Print()
    {
        Console.Error.WriteLine("""
            Tidings.Bench: build it with -c Release, nothing else beside it on the machine.

              quick  [--json file] [--people 1,000,000] [--rounds 7]
                  The engine's part of the budget table in some two minutes: medians, spread, goals.
              engine [--json file] [--people 20,000] [--posts 200,000] [--kinds ranked,model,latest] [--model file.onnx] [--rounds 7]
                  Pages in the engine for readers at random, over the world of load.
              micro  [BenchmarkDotNet arguments, such as --filter *Inbox*]
                  The same roads under BenchmarkDotNet, with what they allocate.
              load   [--json file] [--people 20,000] [--posts 200,000] [--connections 64] [--seconds 5] [--rounds 5]
                     [--feed-rate n] [--post-rate n] [--server Tidings.Server.dll] [--url http://… --key tdk_…] [--hold]
                  Posts and feed pages over HTTP beside a bare Kestrel endpoint, open and closed loop, and how long a post takes to be seen.
                  --hold only starts both servers, for another generator, until the input ends.
              pair   [--against another/Tidings.Server.dll] [--kinds ranked,latest,post] [--json file] [--people 20,000] [--posts 200,000]
                     [--connections 64] [--seconds 2] [--rounds 7] [--server Tidings.Server.dll]
                  Two builds of the server in turns within one run, beside the bare endpoint: whether a change pays.
              live   [--json file] [--sockets 1,000] [--people 20,000] [--posts 20,000] [--post-rate 1,000] [--seconds 5] [--rounds 5]
                     [--server Tidings.Server.dll]
                  Open WebSockets, what each costs the server, and how long a post takes from its request to the frame at a follower.
              replay higgs [--data ../shared/data] [--http] [--events n] [--rate n] [--readers 50,000] [--sample 1,000] [--json file]
              replay ego   [--data ../shared/data] [--posts 250,000] [--sample 1,000] [--json file]
                  Recorded activity through the engine or over HTTP; sampled feeds are compared with a plain model.
              models [--rounds 9] [--json file]
                  A batch of 200 candidates: our evaluators beside the bare arithmetic and ONNX Runtime.
              redis  [--people 4,000] [--slices 50] [--in-flight 4] [--rounds 7] [--servers host:port,…] [--json file]
                  Fan-out into the inboxes of a Redis Cluster, which it starts unless one is named, beside a plain pipeline on the same cluster.
              start  [--people 1,000,000] [--posts 10,000,000] [--follows 10,000,000] [--rounds 3] [--keep folder] [--json file]
                  From the start of the process to an open record: closed cleanly and killed.
            """);
        return 2;
    }
}
