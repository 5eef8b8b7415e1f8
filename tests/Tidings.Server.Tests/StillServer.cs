using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Tidings.Server.Tests;

/// <summary>A server whose clock stands still: nothing that it waits for is over because the machine was busy.</summary>
public sealed class StillServer : IAsyncLifetime
{
    internal FakeTimeProvider Clock { get; } = new(DateTimeOffset.Parse("2026-05-04T03:02:01Z"));

    public RunningServer Server { get; }

    public StillServer() => Server = new RunningServer(Clock, o => o);

    public ValueTask InitializeAsync() => Server.InitializeAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
