using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tidings.Client.Wire;

/// <summary>
/// The wire format: snake_case, ids and times as strings, no numbers in quotes. A member that the server doesn't know is refused in
/// requests; one that the client doesn't know is passed over in answers, so that an older client gets on with a newer server.
/// </summary>
[JsonSourceGenerationOptions]
[JsonSerializable(typeof(SignUpRequest))]
[JsonSerializable(typeof(SignInRequest))]
[JsonSerializable(typeof(DemoSignInRequest))]
[JsonSerializable(typeof(EditProfileRequest))]
[JsonSerializable(typeof(EraseRequest))]
[JsonSerializable(typeof(SessionView))]
[JsonSerializable(typeof(SignedUpView))]
[JsonSerializable(typeof(PersonView))]
[JsonSerializable(typeof(Page<PersonSummary>))]
[JsonSerializable(typeof(TieView))]
[JsonSerializable(typeof(NewAudienceRequest))]
[JsonSerializable(typeof(AudienceView))]
[JsonSerializable(typeof(Page<AudienceView>))]
[JsonSerializable(typeof(PublishRequest))]
[JsonSerializable(typeof(EditPostRequest))]
[JsonSerializable(typeof(PublishedView))]
[JsonSerializable(typeof(PostView))]
[JsonSerializable(typeof(Page<PostView>))]
[JsonSerializable(typeof(EngagementView))]
[JsonSerializable(typeof(CommentRequest))]
[JsonSerializable(typeof(CommentedView))]
[JsonSerializable(typeof(Page<CommentView>))]
[JsonSerializable(typeof(Page<AffinityView>))]
[JsonSerializable(typeof(FeedView))]
[JsonSerializable(typeof(ImpressionsRequest))]
[JsonSerializable(typeof(Page<NotificationView>))]
[JsonSerializable(typeof(UnreadView))]
[JsonSerializable(typeof(ReadNotificationsRequest))]
[JsonSerializable(typeof(NewKeyRequest))]
[JsonSerializable(typeof(NewKeyView))]
[JsonSerializable(typeof(Page<KeyView>))]
[JsonSerializable(typeof(NewPersonRequest))]
[JsonSerializable(typeof(IdentityRequest))]
[JsonSerializable(typeof(BackupView))]
[JsonSerializable(typeof(Page<BackupView>))]
[JsonSerializable(typeof(StatusView))]
[JsonSerializable(typeof(VitalsView))]
[JsonSerializable(typeof(AuthorCostsView))]
[JsonSerializable(typeof(AuditRequest))]
[JsonSerializable(typeof(AuditView))]
[JsonSerializable(typeof(WhyView))]
[JsonSerializable(typeof(RankingRequest))]
[JsonSerializable(typeof(RankingView))]
[JsonSerializable(typeof(ExperimentRequest))]
[JsonSerializable(typeof(ExperimentView))]
[JsonSerializable(typeof(Page<ExperimentView>))]
[JsonSerializable(typeof(ExperimentReportView))]
[JsonSerializable(typeof(LiveTicketView))]
[JsonSerializable(typeof(LiveRequest))]
[JsonSerializable(typeof(LiveFrameView))]
[JsonSerializable(typeof(ModelView))]
[JsonSerializable(typeof(byte[]))]
[JsonSerializable(typeof(Problem))]
public sealed partial class WireJson : JsonSerializerContext
{
    public static WireJson Wire { get; } = new(Configure(new JsonSerializerOptions()));

    /// <summary>Makes options speak the wire format.</summary>
    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.PropertyNameCaseInsensitive = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.AllowDuplicateProperties = false;
        // More than any of ours is deep; their schemas in the API document are twice as deep.
        options.MaxDepth = 16;
        // The answers are application/json with nosniff, never part of a page, so text stays as people wrote it.
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.Converters.Add(new InstantConverter());
        options.Converters.Add(new JsonStringEnumConverter<PostType>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        options.Converters.Add(new JsonStringEnumConverter<NotificationKind>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        options.Converters.Add(new JsonStringEnumConverter<Audience>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        options.Converters.Add(new JsonStringEnumConverter<RankingDecay>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        return options;
    }
}
