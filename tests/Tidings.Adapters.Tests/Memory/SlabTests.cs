using CsCheck;
using Tidings.Embedded.Memory;
using Xunit;

namespace Tidings.Adapters.Tests.Memory;

public sealed unsafe class SlabTests
{
    [Fact]
    public void Blocks_never_overlap_and_all_come_back() =>
        Gen.Select(Gen.Bool, Gen.Int[0, Slab.SizeClasses - 1], Gen.Int[0, 1_000]).Array[0, 400].Sample(steps =>
        {
            using var slab = new Slab(256 << 10);
            var held = new List<(uint Block, int Class, byte Mark)>();
            byte mark = 0;
            foreach (var (rents, sizeClass, which) in steps)
            {
                if (rents || held.Count == 0)
                {
                    if (!slab.TryRent(sizeClass, out var block)) continue;
                    new Span<byte>(slab.At(block), Slab.BytesOf(sizeClass)).Fill(++mark);
                    held.Add((block, sizeClass, mark));
                }
                else
                {
                    var (block, held_, wrote) = held[which % held.Count];
                    Assert.False(new Span<byte>(slab.At(block), Slab.BytesOf(held_)).ContainsAnyExcept(wrote));
                    slab.Return(block, held_);
                    held.RemoveAt(which % held.Count);
                }
                Assert.Equal(held.Sum(h => Slab.BytesOf(h.Class)), slab.UsedBytes);
            }
            foreach (var (block, held_, wrote) in held)
            {
                Assert.False(new Span<byte>(slab.At(block), Slab.BytesOf(held_)).ContainsAnyExcept(wrote));
                slab.Return(block, held_);
            }
            Assert.Equal(0, slab.UsedBytes);
        });

    [Fact]
    public void Small_blocks_that_came_back_serve_as_large_ones()
    {
        using var slab = new Slab(64 << 10);
        var small = new List<uint>();
        while (slab.TryRent(0, out var block))
            small.Add(block);
        Assert.Equal((64 << 10) / 64, small.Count);
        Assert.False(slab.TryRent(Slab.SizeClasses - 1, out _));
        small.ForEach(block => slab.Return(block, 0));

        for (var i = 0; i < 8; i++)
            Assert.True(slab.TryRent(Slab.SizeClasses - 1, out _));
        Assert.Equal(64 << 10, slab.ReservedBytes);
    }

    [Fact]
    public void Returning_a_block_twice_is_a_bug()
    {
        using var slab = new Slab(64 << 10);
        Assert.True(slab.TryRent(2, out var block));
        Assert.True(slab.TryRent(2, out _));
        slab.Return(block, 2);
        Assert.Throws<InvalidOperationException>(() => slab.Return(block, 2));
    }

    [Fact]
    public void Class_is_the_smallest_that_holds_the_bytes()
    {
        for (var bytes = 0; bytes <= Slab.PageBytes; bytes++)
        {
            var sizeClass = Slab.ClassOf(bytes);
            Assert.True(Slab.BytesOf(sizeClass) >= bytes && (sizeClass == 0 || Slab.BytesOf(sizeClass - 1) < bytes));
        }
    }

    [Fact]
    public void Threads_share_it()
    {
        using var slab = new Slab(64 << 20);
        Parallel.For(0, 4, worker =>
        {
            var random = new Lcg(worker);
            var held = new Queue<(uint, int)>();
            for (var i = 0; i < 20_000; i++)
            {
                var sizeClass = random.Next(Slab.SizeClasses);
                if (held.Count < 64 && slab.TryRent(sizeClass, out var block))
                {
                    *(ulong*)slab.At(block) = block;
                    held.Enqueue((block, sizeClass));
                    continue;
                }
                var (oldest, of) = held.Dequeue();
                Assert.Equal(oldest, *(ulong*)slab.At(oldest));
                slab.Return(oldest, of);
            }
            foreach (var (block, of) in held)
                slab.Return(block, of);
        });
        Assert.Equal(0, slab.UsedBytes);
    }
}

/// <summary>A seeded sequence for loops that run too often for a generator.</summary>
internal struct Lcg(long seed)
{
    private ulong _state = (ulong)seed + 1;

    public int Next(int below)
    {
        _state = (_state * 6_364_136_223_846_793_005) + 1_442_695_040_888_963_407;
        return (int)((_state >> 33) % (ulong)below);
    }
}
