using System.Text;
using Tidings.Affinity;
using Tidings.Embedded;
using Tidings.Embedded.Record;
using Tidings.Embedded.Record.Rows;
using Tidings.Engagement;
using Tidings.Events;
using Tidings.Feeds;
using Tidings.Graph;
using Tidings.Notifications;
using Tidings.People;
using Tidings.Posts;
using Tidings.Ranking;
using Xunit;

namespace Tidings.Adapters.Tests.Record;

/// <summary>
/// Golden bytes of every key and row, as docs/formats.md draws them. A test that fails here says that records on people's disks can no longer
/// be read: give the row a new version and read both.
/// </summary>
public sealed class RowTests
{
    private static readonly PostId Post = new(0x0102030405060708);
    private static readonly UserId Person = new(0x0A0B0C0D);

    private delegate ReadOnlySpan<byte> Writes(Span<byte> room);

    private static void Is(string hex, Writes write)
    {
        var room = new byte[4_096];
        Assert.Equal(hex.Replace(" ", "", StringComparison.Ordinal), Convert.ToHexString(write(room)));
    }

    [Fact]
    public void People_and_handles_keep_their_bytes()
    {
        var row = new PersonRow(new Person(Person, "ada", "Ada Ü", "bio", 0x0102), [0xFE, 0xFF]);
        Is("01 0000000000000102 03616461 06416461 20C39C 0362696F 02FEFF", row.Write);
        var read = PersonRow.Read(Person, row.Write(new byte[100]));
        Assert.Equal(row.Person, read.Person);
        Assert.Equal(row.PasswordHash, read.PasswordHash);
        Is("01 0A0B0C0D", room => PersonRow.WriteHandle(room, Person));
        Assert.Equal(Person, PersonRow.ReadHandle(Convert.FromHexString("010A0B0C0D")));
    }

    [Fact]
    public void Slates_keep_their_bytes()
    {
        var slate = new Slate { Reader = Person, UnixMs = 0x0102, Variant = "a/b", Share = 0.5f, Count = 2 };
        slate.Entries[0] = new SlateEntry(Post, new UserId(7), 3, 0.25f, 1.5f);
        slate.Entries[1] = new SlateEntry(Post, new UserId(8), -1, 1, -2);
        slate.FeatureRows[0] = 1;
        slate.FeatureRows[Features.Count - 1] = 2;
        var zeros = new string('0', 8 * (Features.Count - 2));
        const string Head = "01 02 1C 0000000000000102 0A0B0C0D 03612F62 3F000000 02";
        const string First = "0102030405060708 00000007 03 3E800000 3FC00000 3F800000";
        const string Second = "40000000 0102030405060708 00000008 FF 3F800000 C0000000";
        Is(Head + First + zeros + Second + zeros + "0000000000000000", room => SlateRow.Write(room, slate));
        var read = SlateRow.Read(SlateRow.Write(new byte[SlateRow.BytesMax(slate)], slate))!;
        Assert.Equal(slate.Entries.Take(2), read.Entries.Take(2));
        Assert.Equal(slate.FeatureRows, read.FeatureRows);
        Assert.Equal((Person, 0x0102L, "a/b", 0.5f, 2), (read.Reader, read.UnixMs, read.Variant, read.Share, read.Count));
        Is("0102030405060708", room => SlateRow.Key(room, 0x0102030405060708));
    }

    [Fact]
    public void Ranking_keeps_its_bytes()
    {
        const string Profile = "04 03 02 0A 0000000000015F90"
            + "3F800000 40000000 40400000 40800000 40A00000 40C00000 40E00000 41000000 41100000 41200000 41300000 41400000 41500000 3E000000 3F000000";
        var profile = new RankingProfile
        {
            Decay = Decay.RedditHot, UseModel = true, SeenLast = true, PerAuthorMax = 2, ExploreTop = 10, HalfLife = TimeSpan.FromSeconds(90), Prior = 1,
            LikeWeight = 2, CommentWeight = 3, ShareWeight = 4, AffinityWeight = 5, TypePreference = [6, 7, 8, 9],
            HeadWeights = new HeadWeights(10, 11, 12, 13), FairnessMax = 0.125f, ExploreShare = 0.5f,
        };
        Is("01" + Profile, _ => RankingRow.Write(profile));
        var read = RankingRow.ReadProfile(RankingRow.Write(profile));
        Assert.Equal(profile.TypePreference, read.TypePreference);
        Assert.Equal(profile, read with { TypePreference = profile.TypePreference });

        var experiment = new Experiment(7, "a", 0x0102, 0x0103, "why", 0.5f, [new Variant("b", 0.25f, profile)]);
        Is("01 0161 0000000000000102 0000000000000103 03776879 3F000000 01 0162 3E800000" + Profile, room => RankingRow.Write(room, experiment));
        Is("02 00000007", room => RankingRow.Key(room, RankingRow.ExperimentKind, 7));
        Assert.Equal("b", RankingRow.ReadExperiment([2, 0, 0, 0, 7], RankingRow.Write(new byte[200], experiment)).Variants.Single().Name);

        var tally = new Tally(Person, 1, 300, 2, 3, 4, 5, 6);
        Is("01 01 AC02 02 03 04 05 06", room => RankingRow.Write(room, tally));
        Is("03 00000007 0A0B0C0D", room => RankingRow.Key(room, RankingRow.TallyKind, 7, Person));
        Assert.Equal(tally, RankingRow.ReadTally(
            RankingRow.Key(new byte[9], RankingRow.TallyKind, 7, Person), RankingRow.Write(new byte[RankingRow.TallyBytesMax], tally)));
        Is("01 0000000000000009", room => RankingRow.WritePosition(room, 9));
    }

    [Fact]
    public void A_slate_of_other_features_is_passed_over()
    {
        var bytes = SlateRow.Write(new byte[1_000], new Slate()).ToArray();
        bytes[1]++;
        Assert.Null(SlateRow.Read(bytes));
    }

    [Fact]
    public void Credentials_keep_their_bytes()
    {
        var token = TokenHash.From(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray());
        var bytes = string.Concat(Enumerable.Range(0, 32).Select(i => i.ToString("X2")));
        Is("01" + bytes, room => CredentialRow.Key(room, token));
        Is("02 0A0B0C0D" + bytes, room => CredentialRow.PersonKey(room, Person, token));
        var credential = new Credential(KeyKind.Service, Person, "shop", 0x7FFFFFFFFFFFFFFF);
        Is("01 02 0A0B0C0D 7FFFFFFFFFFFFFFF 0473686F70", room => CredentialRow.Write(room, credential));
        Assert.Equal(credential, CredentialRow.Read(CredentialRow.Write(new byte[100], credential)));
        Is("01", _ => CredentialRow.Present);
        Assert.Equal(token, CredentialRow.TokenOf(CredentialRow.PersonKey(new byte[100], Person, token)));
    }

    [Fact]
    public void Erasures_and_the_places_of_comments_keep_their_bytes()
    {
        Is("6572617365642F 0A0B0C0D", room => ErasedRow.Key(room, (uint)Person.Value));
        Is("01 02 0000000000000102", new ErasedRow(ErasureStage.Erased, 0x0102).Write);
        Assert.Equal(new ErasedRow(ErasureStage.Compacted, 5), ErasedRow.Read(new ErasedRow(ErasureStage.Compacted, 5).Write(new byte[ErasedRow.Bytes])));
        Assert.Equal((uint)Person.Value, ErasedRow.PersonOf(ErasedRow.Key(new byte[ErasedRow.KeyBytes], (uint)Person.Value)));
        var comment = new CommentId(0x1112131415161718);
        Is("FF 0A0B0C0D EEEDECEBEAE9E8E7", room => CommentRow.PlaceKey(room, Person, comment));
        Assert.Equal(comment, CommentRow.CommentOfPlace(CommentRow.PlaceKey(new byte[CommentRow.PlaceKeyBytes], Person, comment)));
        Is("01 0102030405060708", room => CommentRow.WritePlace(room, Post));
        Assert.Equal(Post, CommentRow.ReadPlace(CommentRow.WritePlace(new byte[CommentRow.PlaceBytes], Post)));
    }

    [Fact]
    public void Ties_keep_their_bytes()
    {
        Is("0A0B0C0D 03", room => TieRow.Key(room, Person, TieList.Friends));
        uint[] ids = [1, 2, 130, 20_000, uint.MaxValue];
        Is("01 05 01 01 8001 9E9B01 DFE3FEFF0F", room => TieRow.Write(room, ids));
        uint[] room = [];
        Assert.Equal(ids, TieRow.Read(TieRow.Write(new byte[100], ids), ref room).ToArray());
        Is("01 00", into => TieRow.Write(into, []));
    }

    [Fact]
    public void Audiences_keep_their_bytes()
    {
        Is("01 00000007", room => AudienceRow.Key(room, new AudienceListId(7)));
        Is("02 0A0B0C0D", room => AudienceRow.OwnerKey(room, Person));
        var row = new AudienceRow(Person, "team", [3, 4]);
        Is("01 0A0B0C0D 047465616D 02 03 01", row.Write);
        var read = AudienceRow.Read(row.Write(new byte[100]));
        Assert.Equal((row.Owner, row.Name), (read.Owner, read.Name));
        Assert.Equal(row.Members, read.Members);
        Is("01 02 07 02", room => AudienceRow.WriteOwned(room, [7, 9]));
        Assert.Equal([7u, 9u], AudienceRow.ReadOwned(Convert.FromHexString("01020702")));
    }

    [Fact]
    public void Headers_bodies_and_timelines_keep_their_bytes()
    {
        Is("0102030405060708", room => HeaderRow.Key(room, Post));
        var header = new PostHeader(
            Post, Person, PostType.Link, Audience.Custom, new AudienceListId(7), true, 3, 0x11, new Counts(0x21, 0x22, 0x23));
        Is("01 0A0B0C0D 03 02 01 00000007 00000003 0000000000000011 00000021 00000022 00000023", room => HeaderRow.Write(room, header));
        Assert.Equal(header, HeaderRow.Read(Post, HeaderRow.Write(new byte[100], header)));

        var body = new PostBody("hé", ["m1", "m2"]) { Version = 3 };
        Assert.Equal("01000000030368C3A902026D31026D32", Convert.ToHexString(BodyRow.Write(body)));
        var read = BodyRow.Read(BodyRow.Write(body));
        Assert.Equal((body.Text, body.Version), (read.Text, read.Version));
        Assert.Equal(body.MediaIds, read.MediaIds);

        Is("0A0B0C0D FEFDFCFBFAF9F8F7", room => TimelineRow.Key(room, Person, Post));
        Is("01", _ => TimelineRow.Present);
        Assert.Equal(Post, TimelineRow.PostOf(Convert.FromHexString("0A0B0C0DFEFDFCFBFAF9F8F7")));
    }

    [Fact]
    public void Marks_keep_their_bytes()
    {
        Is("01 02 0102030405060708 0A0B0C0D", room => MarkRow.PostKey(room, Mark.Share, Post, (uint)Person.Value));
        Is("02 03 0A0B0C0D FEFDFCFBFAF9F8F7", room => MarkRow.PersonKey(room, Mark.Hide, Person, Post));
        Is("01", _ => MarkRow.Present);
        Assert.Equal(Person, MarkRow.PersonOfPostKey(Convert.FromHexString("010201020304050607080A0B0C0D")));
        Assert.Equal(Post, MarkRow.PostOfPersonKey(Convert.FromHexString("02030A0B0C0DFEFDFCFBFAF9F8F7")));
    }

    [Fact]
    public void Comments_keep_their_bytes()
    {
        Is("0102030405060708 0000000000000009", room => CommentRow.Key(room, Post, new CommentId(9)));
        var row = new CommentRow(Person, true, "no");
        Is("01 01 0A0B0C0D 026E6F", row.Write);
        Assert.Equal(row, CommentRow.Read(row.Write(new byte[100])));
        Is("01 00 0A0B0C0D 00", (row with { Deleted = false, Text = "" }).Write);
    }

    [Fact]
    public void Affinity_keeps_its_bytes()
    {
        Is("0A0B0C0D", room => AffinityRow.Key(room, Person));
        var row = AffinityRow.None.With(new UserId(9), 2.0).With(new UserId(5), 1.5);
        row = row.With(new UserId(9), 2.0, default(Met).With(Encounter.ProfileView, 0x11).With(Encounter.Message, 0x12));
        Is("02 02 00000005 3FF8000000000000 00000000 00000000 00000009 4000000000000000 00000011 00000012", row.Write);
        var read = AffinityRow.Read(row.Write(new byte[100]));
        Assert.Equal((1.5, 2.0, 2), (read[new UserId(5)], read[new UserId(9)], read.Count));
        Assert.Equal((default, new Met(0x11, 0x12)), (read.MetAt(new UserId(5)), read.MetAt(new UserId(9))));

        var first = AffinityRow.Read(Convert.FromHexString("0102000000053FF8000000000000000000094000000000000000"));
        Assert.Equal((1.5, 2.0, 2, default), (first[new UserId(5)], first[new UserId(9)], first.Count, first.MetAt(new UserId(9))));
    }

    [Fact]
    public void Idempotency_keys_keep_their_bytes()
    {
        Is("0A0B0C0D 6B31", room => ClaimRow.Key(room, Person, "k1"));
        Assert.Equal((Person, "k1"), ClaimRow.ReadKey(Convert.FromHexString("0A0B0C0D6B31")));
        var row = new ClaimRow(ClaimKind.Comment, 0x51, 0x61, [0xAA, 0xBB]);
        Is("01 02 0000000000000051 0000000000000061 02AABB", row.Write);
        var read = ClaimRow.Read(row.Write(new byte[100]));
        Assert.Equal((row.Kind, row.Id, row.MadeUnixMs), (read.Kind, read.Id, read.MadeUnixMs));
        Assert.Equal(row.Fingerprint, read.Fingerprint);
    }

    [Fact]
    public void Events_keep_their_bytes()
    {
        Is("0000000000000007", room => EventRow.Key(room, 7));
        var happened = new Event(7, EventKind.TieChanged, Person, new UserId(2), Post, 0x31, 0x41);
        Is("01 05 0A0B0C0D 00000002 0102030405060708 0000000000000031 0000000000000041", room => EventRow.Write(room, happened));
        Assert.Equal(happened, EventRow.Read(7, EventRow.Write(new byte[100], happened)));
    }

    [Fact]
    public void Impressions_keep_their_bytes()
    {
        Is("1D40 0A0B0C0D 0000000000000007", room => ImpressionsRow.Key(room, 7_488, Person, 7));
        var told = new Event(7, EventKind.PostsShown, Person, Person, default, 2, TimeOrderedId.EpochUnixMs + 7_489L * 24 * 3_600_000 - 1);
        Is("1D40 0A0B0C0D 0000000000000007", room => ImpressionsRow.Key(room, told));
        Assert.Equal(7_488, ImpressionsRow.DayOfKey(Convert.FromHexString("1D40")));
        Impression[] shown = [new(Post, 300), new(new PostId(9), 0)];
        Is("01 02 0102030405060708 AC02 0000000000000009 00", room => ImpressionsRow.Write(room, shown));
        Assert.Equal(shown, ImpressionsRow.Read(ImpressionsRow.Write(new byte[100], shown)));
    }

    [Fact]
    public void Notifications_keep_their_bytes()
    {
        Is("01 0A0B0C0D 0000000000000007", room => NotificationRow.Key(room, Person, 7));
        Is("02 0A0B0C0D", room => NotificationRow.ReadToKey(room, Person));
        Is("03 0102030405060708 0000000000000009 0A0B0C0D", room => NotificationRow.MentionKey(room, Post, 9, Person));
        Assert.Equal((9, Person), NotificationRow.ReadMentionKey(NotificationRow.MentionKey(new byte[30], Post, 9, Person)));
        Is("04", _ => NotificationRow.PositionKey);
        Is("01", _ => NotificationRow.Present);
        Is("01 0000000000000031", room => NotificationRow.WriteNumber(room, 0x31));
        Assert.Equal(0x31, NotificationRow.ReadNumber(NotificationRow.WriteNumber(new byte[9], 0x31)));

        var like = new NotificationGroup(7, 0x11, NotificationKind.Like, Post, 0x21, [new(Person, 0), new(new UserId(2), 0)], 300);
        Is("01 04 0102030405060708 0000000000000011 0000000000000021 AC02 02 0A0B0C0D 00000002", room => NotificationRow.Write(room, like));
        var comment = like with { Kind = NotificationKind.Comment, Acts = [new(Person, 9)], Forgotten = 0 };
        Is("01 05 0102030405060708 0000000000000011 0000000000000021 00 01 0A0B0C0D 0000000000000009", room => NotificationRow.Write(room, comment));
        foreach (var group in new[] { like, comment })
        {
            var read = NotificationRow.Read(NotificationRow.Key(new byte[20], Person, 7), NotificationRow.Write(new byte[100], group));
            Assert.Equal(group.Acts, read.Acts);
            Assert.Equal(group, read with { Acts = group.Acts });
        }
        Assert.Equal("Follow=1 FriendRequest=2 Friend=3 Like=4 Comment=5 Share=6 Mention=7", Numbers<NotificationKind>());
    }

    [Fact]
    public void Meta_keeps_its_bytes()
    {
        Assert.Equal("reached", Encoding.ASCII.GetString(ReachedRow.Key));
        var reached = new ReachedRow(0x11, 0x12, 0x13, 0x14);
        Is("01 0000000000000011 0000000000000012 00000013 00000014", reached.Write);
        Assert.Equal(reached, ReachedRow.Read(reached.Write(new byte[100])));
        Assert.Equal("cold-authors", Encoding.ASCII.GetString(ColdAuthorsRow.Key));
        var cold = new ColdAuthorsRow(PostId.None, []).UpTo(Post, 9);
        cold.Add(new UserId(1));
        cold.Add(new UserId(9));
        Assert.Equal("010102030405060708" + "0202", Convert.ToHexString(cold.Write()));
        var read = ColdAuthorsRow.Read(cold.Write());
        Assert.Equal((Post, true, false, true), (read.Before, read.Contains(new UserId(1)), read.Contains(new UserId(2)), read.Contains(new UserId(9))));
        Assert.False(read.Contains(new UserId(1_000)));
    }

    [Fact]
    public void Numbers_of_what_is_stored_stay_what_they_are()
    {
        Assert.Equal("Text=0 Image=1 Video=2 Link=3", Numbers<PostType>());
        Assert.Equal("Public=0 Friends=1 Custom=2", Numbers<Audience>());
        Assert.Equal("Like=1 Share=2 Hide=3", Numbers<Mark>());
        Assert.Equal("ProfileView=1 Message=2", Numbers<Encounter>());
        Assert.Equal("Session=1 Service=2 Admin=3 Identity=4", Numbers<KeyKind>());
        Assert.Equal("Post=1 Comment=2", Numbers<ClaimKind>());
        Assert.Equal(
            "Following=1 Followers=2 Friends=3 RequestsSent=4 RequestsReceived=5 Blocked=6 BlockedBy=7 Muted=8 CloseFriends=9", Numbers<TieList>());
        Assert.Equal(
            "PersonJoined=1 PostPublished=2 PostEdited=3 PostDeleted=4 TieChanged=5 MarkChanged=6 Commented=7 CommentDeleted=8 "
            + "ProfileViewed=9 Messaged=10 PostsShown=11 PersonErased=20", Numbers<EventKind>());
        Assert.Equal(
            "Follow=1 Unfollow=2 RequestFriend=3 AcceptFriend=4 DropRequest=5 Unfriend=6 Block=7 Unblock=8 Mute=9 Unmute=10 AddCloseFriend=11 RemoveCloseFriend=12 Erase=13",
            Numbers<TieAction>());
        Assert.Equal(
            "None=0 Follows=1 FollowedBy=2 Friend=4 RequestSent=8 RequestReceived=16 Blocks=32 BlockedBy=64 Mutes=128 CloseFriend=256", Numbers<Tie>());
        Assert.Equal(1, DataFolder.Format);
        Assert.Equal(
            "meta people handles credentials ties audiences headers bodies timelines marks comments affinity idempotency events impressions notifications slates ranking",
            string.Join(' ', Columns.Names));
    }

    [Theory]
    [InlineData("")]
    [InlineData("02 0A0B0C0D")]
    [InlineData("01 0A0B0C")]
    [InlineData("01 0A0B0C0D 00")]
    public void A_row_of_another_version_or_length_is_damage(string hex) =>
        Assert.Throws<RecordDamagedException>(() => PersonRow.ReadHandle(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal))));

    [Fact]
    public void No_damaged_row_makes_a_reader_do_anything_but_refuse_it()
    {
        var random = new Random(3);
        byte[][] rows =
        [
            TieRow.Write(new byte[100], [1, 2, 130, 20_000]).ToArray(), BodyRow.Write(new PostBody("text", ["m"])),
            AffinityRow.None.With(Person, 1).Write(new byte[100]).ToArray(), new AudienceRow(Person, "team", [3, 4]).Write(new byte[100]).ToArray(),
        ];
        for (var i = 0; i < 20_000; i++)
        {
            var row = (byte[])rows[i % 4].Clone();
            row[random.Next(row.Length)] = (byte)random.Next(256);
            if (i % 3 == 0) row = row[..random.Next(row.Length)];
            uint[] room = [];
            var error = Xunit.Record.Exception(() =>
            {
                _ = (i % 4) switch
                {
                    0 => (object)TieRow.Read(row, ref room).Length,
                    1 => BodyRow.Read(row),
                    2 => AffinityRow.Read(row),
                    _ => AudienceRow.Read(row),
                };
            });
            Assert.True(error is null or RecordDamagedException, $"{error}");
        }
    }

    private static string Numbers<T>()
        where T : struct, Enum => string.Join(' ', Enum.GetValues<T>().Select(value => $"{value}={Convert.ToInt64(value, null)}"));
}
