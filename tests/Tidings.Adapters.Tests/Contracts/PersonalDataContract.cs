using Tidings.Engagement;
using Tidings.Events;
using Tidings.Feeds;
using Tidings.Graph;
using Tidings.Notifications;
using Tidings.People;
using Tidings.Posts;
using Xunit;

namespace Tidings.Adapters.Tests.Contracts;

public abstract class PersonalDataContract : Contract
{
    private async Task EraseAsync(UserId person)
    {
        Assert.True(await Ports.PersonalData.CloseAsync(person, Ct));
        while (await Ports.PersonalData.EraseSomeAsync(person, Ct))
            Ct.ThrowIfCancellationRequested();
    }

    private async Task<Person?> PersonAsync(UserId id)
    {
        var into = new Person?[1];
        await Ports.People.GetAsync(new[] { id }, into, Ct);
        return into[0];
    }

    private async Task<CommentId> CommentAsync(UserId actor, PostId post, string text = "a comment") =>
        (await Ports.Engagement.CommentAsync(actor, post, text, null, Ct)).Value.Id;

    [Fact]
    public async Task Somebodys_comments_and_marks_are_found_newest_first_page_by_page()
    {
        var (one, other) = (await JoinAsync(), await JoinAsync());
        var posts = new List<PostId>();
        var comments = new List<CommentId>();
        for (var i = 0; i < 7; i++)
        {
            posts.Add(await PublishAsync(other));
            comments.Add(await CommentAsync(one, posts[^1], $"{i}"));
            await CommentAsync(other, posts[^1]);
            await Ports.Engagement.MarkAsync(one, posts[^1], Mark.Like, true, Ct);
            await Ports.Engagement.MarkAsync(other, posts[^1], Mark.Like, true, Ct);
        }
        await Ports.Engagement.DeleteCommentAsync(one, posts[3], comments[3], Ct);
        await Ports.Posts.DeleteAsync(posts[5], other, null, Ct);

        var walked = new List<Comment>();
        for (IReadOnlyList<Comment> page = await Ports.PersonalData.CommentsAsync(one, default, 2, Ct); page.Count > 0;)
        {
            walked.AddRange(page);
            page = await Ports.PersonalData.CommentsAsync(one, page[^1].Id, 2, Ct);
        }
        Assert.Equal([6, 4, 2, 1, 0], walked.Select(c => comments.IndexOf(c.Id)));
        Assert.All(walked, c => Assert.Equal((one, posts[comments.IndexOf(c.Id)], $"{comments.IndexOf(c.Id)}"), (c.Author, c.Post, c.Text)));

        var marked = new PostId[4];
        Assert.Equal(4, await Ports.PersonalData.MarkedAsync(one, Mark.Like, PostId.Last, marked, Ct));
        Assert.Equal(posts[3..].AsEnumerable().Reverse(), marked);
        Assert.Equal(3, await Ports.PersonalData.MarkedAsync(one, Mark.Like, marked[^1], marked, Ct));
        Assert.Equal(0, await Ports.PersonalData.MarkedAsync(one, Mark.Share, PostId.Last, marked, Ct));
    }

    [Fact]
    public async Task A_closed_person_can_do_nothing_and_nothing_can_be_done_to_them()
    {
        var (one, other) = (await JoinAsync("one"), await JoinAsync());
        var theirs = await PublishAsync(other);
        await Ports.Credentials.AddAsync(Token.Hash("a"), new Credential(KeyKind.Session, one, "", long.MaxValue), Ct);
        await Ports.People.LinkAsync(one, OutsideIdentity.Hash("i", "s"), Ct);

        Assert.True(await Ports.PersonalData.CloseAsync(one, Ct));
        Assert.False(await Ports.PersonalData.CloseAsync(one, Ct));
        Assert.Equal([one], await Ports.PersonalData.ClosedAsync(Ct));

        Assert.Null(await Ports.Credentials.FindAsync(Token.Hash("a"), Ct));
        Assert.Null(await Ports.Credentials.FindAsync(OutsideIdentity.Hash("i", "s"), Ct));
        await Ports.Credentials.AddAsync(Token.Hash("late"), new Credential(KeyKind.Session, one, "", long.MaxValue), Ct);
        Assert.Null(await Ports.Credentials.FindAsync(Token.Hash("late"), Ct));
        Assert.Empty(await Ports.People.PasswordHashAsync(one, Ct));
        Assert.False(await Ports.People.ExistsAsync(one, Ct));
        Assert.Equal("person_not_found", (await Ports.Posts.PublishAsync(TextOf(one, "x"), null, Ct)).Rejection!.Code);
        Assert.Equal("person_not_found", (await Ports.Engagement.MarkAsync(one, theirs, Mark.Like, true, Ct)).Rejection!.Code);
        Assert.Equal("person_not_found", (await Ports.Engagement.CommentAsync(one, theirs, "x", null, Ct)).Rejection!.Code);
        Assert.Equal("person_not_found", (await Ports.Graph.ChangeAsync(one, TieAction.Follow, other, Ct)).Rejection!.Code);
        Assert.Equal("person_not_found", (await Ports.Graph.ChangeAsync(other, TieAction.Follow, one, Ct)).Rejection!.Code);
        Assert.Equal("person_not_found", (await Ports.People.UpdateAsync(one, "x", "", Ct)).Rejection!.Code);
        Assert.Equal("person_not_found", (await Ports.People.LinkAsync(one, OutsideIdentity.Hash("i", "t"), Ct)).Rejection!.Code);
        Assert.Equal("person_not_found", (await Ports.Audiences.AddAsync(one, "x", Ct)).Rejection!.Code);
        var list = (await Ports.Audiences.AddAsync(other, "x", Ct)).Value;
        Assert.Equal("person_not_found", (await Ports.Audiences.ChangeMembersAsync(other, list, new[] { one }, default, Ct)).Rejection!.Code);
    }

    [Fact]
    public async Task Nothing_is_left_of_an_erased_person_and_the_id_is_never_given_again()
    {
        var (one, other, third) = (await JoinAsync("one"), await JoinAsync(), await JoinAsync());
        var world = await FillAsync(one, other, third);

        await EraseAsync(one);

        Assert.Null(await PersonAsync(one));
        Assert.Null(await Ports.People.FindAsync("one", Ct));
        Assert.Empty(await Ports.PersonalData.ClosedAsync(Ct));
        Assert.False(await Ports.PersonalData.CloseAsync(one, Ct));
        Assert.True((await HeaderAsync(world.Mine)).Deleted);
        Assert.Null(await BodyAsync(world.Mine));
        Assert.Empty(await Ports.PersonalData.CommentsAsync(one, default, 10, Ct));
        Assert.Equal([other], (await Ports.Engagement.CommentsAsync(world.Theirs, default, 10, Ct)).Select(c => c.Author));
        var liked = new UserId[3];
        Assert.Equal(1, await Ports.Engagement.MarkersAsync(world.Theirs, Mark.Like, default, liked, Ct));
        Assert.Equal(third, liked[0]);
        Assert.Equal(new Counts(1, 1, 0), (await HeaderAsync(world.Theirs)).Counts);
        foreach (var someone in new[] { other, third })
        {
            Assert.Equal(Tie.None, await Ports.Graph.TieAsync(one, someone, Ct));
            Assert.Equal(Tie.None, await Ports.Graph.TieAsync(someone, one, Ct));
            foreach (var list in Enum.GetValues<TieList>())
                Assert.Equal((someone, list, 0), (someone, list, await Ports.Graph.ListAsync(someone, list, default, new UserId[1], Ct)));
        }
        Assert.Empty(await Ports.Audiences.OfAsync(one, Ct));
        Assert.Equal([other], await MembersAsync(world.TheirList));
        var score = new float[1];
        await Ports.Affinity.ScoresAsync(one, new[] { other }, NowUnixMs, score, Ct);
        Assert.Equal(0, score[0]);

        var next = await JoinAsync("one");
        Assert.Equal(4, next.Value);
        Assert.Equal("Name of one", (await PersonAsync(next))!.Name);
        var again = await Ports.Posts.PublishAsync(TextOf(next, "again"), Claim("key"), Ct);
        Assert.False(again.Value.Replayed);
    }

    [Fact]
    public async Task What_an_erased_person_was_told_and_shown_is_gone_and_nothing_is_told_any_more()
    {
        var (one, other) = (await JoinAsync(), await JoinAsync());
        await ApplyAsync(1, one, other);
        await Ports.Notifications.ReadAsync(one, 1, Ct);
        var told = new List<Event>();
        foreach (var reader in new[] { one, other, one })
        {
            var before = await Ports.EndAsync(Ct);
            await Ports.SeenPosts.NoteAsync(reader, new Impression[] { new(new PostId(7), 5) }, Ct);
            var events = new Event[1];
            await Ports.Settle(Ct);
            await Ports.Events.ReadAsync(before, events, Ct);
            told.Add(events[0]);
            Clock.Advance(TimeSpan.FromDays(1));
        }

        await EraseAsync(one);
        await ApplyAsync(2, one, other);

        var list = await Ports.Notifications.ListAsync(one, Ct);
        Assert.Equal((0, 0L), (list.Groups.Count, list.ReadTo));
        Assert.Equal(2, Assert.Single((await Ports.Notifications.ListAsync(other, Ct)).Groups).Id);
        var left = await Task.WhenAll(told.Select(async e => (await Ports.SeenPosts.ReportAsync(e, Ct)).Count));
        Assert.Equal([0, 1, 0], left);
        Assert.False((await Ports.SeenPosts.NoteAsync(one, new Impression[] { new(new PostId(7), 5) }, Ct)).IsOk);

        async Task ApplyAsync(long position, params UserId[] owners) => await Ports.Notifications.ApplyAsync(
            position, Array.ConvertAll(owners, owner => new NotificationChange(
                NotificationOp.Add, owner, NotificationKind.Follow, PostId.None, new UserId(owner.Value % 2 + 1), 0, position, NowUnixMs)), Ct);
    }

    [Fact]
    public async Task Others_keep_what_is_theirs()
    {
        var (one, other, third) = (await JoinAsync(), await JoinAsync(), await JoinAsync());
        await BefriendAsync(other, third);
        await DoAsync(other, TieAction.Mute, third);
        await FillAsync(one, other, third);
        var comment = await CommentAsync(third, await PublishAsync(other), "mine");

        await EraseAsync(one);

        Assert.Equal(Tie.Friend | Tie.Follows | Tie.FollowedBy | Tie.Mutes, await Ports.Graph.TieAsync(other, third, Ct));
        Assert.Equal(new GraphCounts(1, 1, 1), await Ports.Graph.CountsAsync(other, Ct));
        Assert.Equal(comment, (await Ports.PersonalData.CommentsAsync(third, default, 10, Ct))[0].Id);
        Assert.NotNull(await PersonAsync(other));
    }

    [Fact]
    public async Task Much_goes_bit_by_bit_and_every_event_of_it_is_told()
    {
        const int many = 450;
        var (one, other) = (await JoinAsync(), await JoinAsync());
        var followers = await JoinManyAsync(many);
        var posts = await Task.WhenAll(Enumerable.Range(0, many).Select(_ => PublishAsync(one)));
        var theirs = await Task.WhenAll(Enumerable.Range(0, many).Select(_ => PublishAsync(other)));
        await Task.WhenAll(theirs.Select(post => CommentAsync(one, post)));
        await Task.WhenAll(theirs.Select(post => Ports.Engagement.MarkAsync(one, post, Mark.Like, true, Ct).AsTask()));
        await Task.WhenAll(followers.Select(f => DoAsync(f, TieAction.Follow, one)));
        await Task.WhenAll(followers.Select(f => DoAsync(f, TieAction.Mute, one)));
        var before = await Ports.EndAsync(Ct);

        Assert.True(await Ports.PersonalData.CloseAsync(one, Ct));
        var steps = 0;
        while (await Ports.PersonalData.EraseSomeAsync(one, Ct))
            steps++;

        Assert.InRange(steps, 12, 30);
        var events = new Event[10_000];
        var told = 0;
        while (before + told < await Ports.EndAsync(Ct))
            told += await Ports.Events.ReadAsync(before + told, events.AsMemory(told), Ct);
        Assert.Equal(many, events.Count(e => e.Kind == EventKind.PostDeleted));
        Assert.Equal(many, events.Count(e => e.Kind == EventKind.CommentDeleted));
        Assert.Equal(many, events.Count(e => e.Kind == EventKind.MarkChanged));
        Assert.Equal(many, events.Count(e => e.Kind == EventKind.TieChanged));
        Assert.Equal(EventKind.PersonErased, events[told - 1].Kind);
        Assert.All(theirs, post => Assert.Equal(default, HeaderAsync(post).Result.Counts));
        Assert.All(posts, post => Assert.True(HeaderAsync(post).Result.Deleted));
        Assert.Equal(0, (await Ports.Graph.CountsAsync(one, Ct)).Followers);
    }

    private async Task<UserId[]> MembersAsync(AudienceListId list)
    {
        var members = new UserId[10];
        return members[..await Ports.Audiences.MembersAsync(list, default, members, Ct)];
    }

    private async Task<(PostId Mine, PostId Theirs, AudienceListId TheirList)> FillAsync(UserId one, UserId other, UserId third)
    {
        var mine = (await Ports.Posts.PublishAsync(TextOf(one, "mine"), Claim("key"), Ct)).Value.Id;
        var theirs = await PublishAsync(other);
        await CommentAsync(one, theirs);
        await CommentAsync(one, theirs);
        await CommentAsync(other, theirs);
        await CommentAsync(third, mine);
        await CommentAsync(one, mine);
        foreach (var mark in Enum.GetValues<Mark>())
            await Ports.Engagement.MarkAsync(one, theirs, mark, true, Ct);
        await Ports.Engagement.MarkAsync(third, theirs, Mark.Like, true, Ct);
        await Ports.Engagement.MarkAsync(third, mine, Mark.Like, true, Ct);
        await BefriendAsync(one, other);
        await DoAsync(one, TieAction.AddCloseFriend, other);
        await DoAsync(other, TieAction.AddCloseFriend, one);
        await DoAsync(one, TieAction.Block, third);
        await DoAsync(third, TieAction.Mute, one);
        var myList = (await Ports.Audiences.AddAsync(one, "my list", Ct)).Value;
        await Ports.Audiences.ChangeMembersAsync(one, myList, new[] { other }, default, Ct);
        var theirList = (await Ports.Audiences.AddAsync(other, "their list", Ct)).Value;
        await Ports.Audiences.ChangeMembersAsync(other, theirList, new[] { one, other }, default, Ct);
        return (mine, theirs, theirList);
    }
}
