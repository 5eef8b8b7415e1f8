namespace Tidings.Server.Tests.Matrix;

/// <summary>
/// Every route with every caller. A column is a caller of <see cref="World.Callers"/>, an entry the status that they get. The owner's is asked for last.
/// </summary>
internal static class Table
{
    public const string Text = """
        # request                                                   owner friend follower stranger blocked anonymous
        GET    /v1/me                                               200   200    200      200      200     401
        PATCH  /v1/me                     {"bio":"x"}               200   200    200      200      200     401
        GET    /v1/people/{owner}                                   200   200    200      200      404     401
        GET    /v1/people/by-handle/{handle}                        200   200    200      200      404     401
        GET    /v1/people/{owner}/followers                         200   200    200      200      404     401
        GET    /v1/people/{owner}/following                         200   200    200      200      404     401
        GET    /v1/people/{owner}/friends                           200   200    200      200      404     401
        GET    /v1/people/{owner}/posts                             200   200    200      200      404     401
        GET    /v1/me/requests/sent                                 200   200    200      200      200     401
        GET    /v1/me/requests/received                             200   200    200      200      200     401
        GET    /v1/me/blocks                                        200   200    200      200      200     401
        GET    /v1/me/mutes                                         200   200    200      200      200     401
        GET    /v1/me/close-friends                                 200   200    200      200      200     401

        PUT    /v1/me/following/{owner}                             400   200    200      200      404     401
        DELETE /v1/me/following/{owner}                             400   200    200      200      200     401
        PUT    /v1/me/friends/{owner}                               400   200    200      200      404     401
        DELETE /v1/me/friends/{owner}                               400   200    200      200      200     401
        PUT    /v1/me/blocks/{owner}                                400   200    200      200      200     401
        DELETE /v1/me/blocks/{owner}                                400   200    200      200      200     401
        PUT    /v1/me/mutes/{owner}                                 400   200    200      200      200     401
        DELETE /v1/me/mutes/{owner}                                 400   200    200      200      200     401
        PUT    /v1/me/close-friends/{owner}                         400   200    409      409      404     401
        DELETE /v1/me/close-friends/{owner}                         400   200    200      200      200     401

        POST   /v1/me/audiences           {"name":"x"}              201   201    201      201      201     401
        GET    /v1/me/audiences                                     200   200    200      200      200     401
        GET    /v1/me/audiences/{list}/members                      200   404    404      404      404     401
        PUT    /v1/me/audiences/{list}/members/{other}              200   404    404      404      404     401
        DELETE /v1/me/audiences/{list}/members/{follower}           200   404    404      404      404     401
        DELETE /v1/me/audiences/{list}                              204   404    404      404      404     401

        POST   /v1/posts                  {"text":"x"}              201   201    201      201      201     401
        GET    /v1/posts/{public}                                   200   200    200      200      404     401
        GET    /v1/posts/{friends}                                  200   200    404      404      404     401
        GET    /v1/posts/{custom}                                   200   404    200      404      404     401
        PATCH  /v1/posts/{public}         {"text":"x"}              200   404    404      404      404     401
        DELETE /v1/posts/{public}                                   204   404    404      404      404     401
        DELETE /v1/posts/{friends}                                  204   404    404      404      404     401

        PUT    /v1/posts/{public}/like                              200   200    200      200      404     401
        PUT    /v1/posts/{friends}/like                             200   200    404      404      404     401
        PUT    /v1/posts/{custom}/like                              200   404    200      404      404     401
        DELETE /v1/posts/{friends}/like                             200   200    404      404      404     401
        PUT    /v1/posts/{friends}/share                            200   200    404      404      404     401
        DELETE /v1/posts/{friends}/share                            200   200    404      404      404     401
        PUT    /v1/posts/{friends}/hide                             204   204    404      404      404     401
        DELETE /v1/posts/{friends}/hide                             204   204    404      404      404     401
        GET    /v1/posts/{public}/likes                             200   200    200      200      404     401
        GET    /v1/posts/{friends}/likes                            200   200    404      404      404     401
        POST   /v1/posts/{public}/comments {"text":"x"}             201   201    201      201      404     401
        POST   /v1/posts/{friends}/comments {"text":"x"}            201   201    404      404      404     401
        GET    /v1/posts/{public}/comments                          200   200    200      200      404     401
        GET    /v1/posts/{custom}/comments                          200   404    200      404      404     401
        DELETE /v1/posts/{public}/comments/{comment}                204   204    404      404      404     401

        POST   /v1/people/{owner}/views                             400   204    204      204      404     401
        POST   /v1/people/{owner}/messages                          400   204    204      204      404     401
        GET    /v1/notifications                                    200   200    200      200      200     401
        GET    /v1/notifications/unread                             200   200    200      200      200     401
        PUT    /v1/notifications/read     {"up_to":"1"}             200   200    200      200      200     401
        GET    /v1/affinity                                         200   200    200      200      200     401

        GET    /v1/feed                                             200   200    200      200      200     401
        GET    /v1/feed?order=latest                                200   200    200      200      200     401
        GET    /v1/popular                                          200   200    200      200      200     401
        POST   /v1/feed/impressions {"items":[{"post":"{public}"}]} 204   204    204      204      204     401

        POST   /v1/live/tickets                                     201   201    201      201      201     401
        GET    /v1/live                                             426   426    426      426      426     401
        GET    /v1/live/events?after=x                              400   400    400      400      400     401

        GET    /v1/feed/why/{public}                                200   200    200      200      404     401
        GET    /v1/feed/why/{friends}                               200   200    404      404      404     401
        GET    /v1/feed/why/{custom}                                200   404    200      404      404     401

        GET    /v1/admin/people/{owner}                             403   403    403      403      403     401
        GET    /v1/admin/people/by-handle/{handle}                  403   403    403      403      403     401
        GET    /v1/admin/people/{owner}/feed/why/{public}           403   403    403      403      403     401
        GET    /v1/admin/people/{owner}/feed                        403   403    403      403      403     401
        GET    /v1/admin/vitals                                     403   403    403      403      403     401
        GET    /v1/admin/authors/costs                              403   403    403      403      403     401
        POST   /v1/admin/audits           {}                        403   403    403      403      403     401
        GET    /v1/admin/audits/{handle}                            403   403    403      403      403     401
        DELETE /v1/admin/audits/{handle}                            403   403    403      403      403     401
        POST   /v1/admin/audits/{handle}/repair                     403   403    403      403      403     401
        GET    /v1/admin/ranking                                    403   403    403      403      403     401
        PUT    /v1/admin/ranking          {"preset":"seed"}         403   403    403      403      403     401
        GET    /v1/admin/experiments                                403   403    403      403      403     401
        POST   /v1/admin/experiments      {"name":"x"}              403   403    403      403      403     401
        POST   /v1/admin/experiments/{handle}/stop                  403   403    403      403      403     401
        GET    /v1/admin/experiments/{handle}/report                403   403    403      403      403     401
        POST   /v1/admin/keys             {"name":"x"}              403   403    403      403      403     401
        GET    /v1/admin/keys                                       403   403    403      403      403     401
        DELETE /v1/admin/keys/0000000000000000                      403   403    403      403      403     401
        POST   /v1/admin/people           {"handle":"x","name":"x"} 403   403    403      403      403     401
        DELETE /v1/admin/people/{owner}                             403   403    403      403      403     401
        PUT    /v1/admin/people/{owner}/identity {"subject":"x"}    403   403    403      403      403     401
        GET    /v1/admin/status                                     403   403    403      403      403     401
        POST   /v1/admin/backups                                    403   403    403      403      403     401
        GET    /v1/admin/backups                                    403   403    403      403      403     401
        GET    /v1/admin/model                                      403   403    403      403      403     401
        PUT    /v1/admin/model                                      403   403    403      403      403     401
        POST   /v1/admin/model/rollback                             403   403    403      403      403     401
        PUT    /v1/admin/model/shadow                               403   403    403      403      403     401
        DELETE /v1/admin/model/shadow                               403   403    403      403      403     401

        GET    /v1/me/export                                        200   200    200      200      200     401
        DELETE /v1/me                                               204   204    204      204      204     401

        POST   /v1/people                 {"handle":"x"}            400   400    400      400      400     400
        POST   /v1/sessions               {"handle":"x"}            400   400    400      400      400     400
        DELETE /v1/sessions/current                                 204   204    204      204      204     401
        GET    /v1/nowhere                                          404   404    404      404      404     401
        """;

    public static IEnumerable<Row> Rows => Text.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#').Select(Row.Parse);
}

/// <param name="Statuses">In the order of <see cref="World.Callers"/>.</param>
internal sealed record Row(string Method, string Path, string? Body, int[] Statuses)
{
    public static Row Parse(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var callers = World.Callers.Length;
        var body = words.Length > 2 + callers ? string.Join(' ', words[2..^callers]) : null;
        return new Row(words[0], words[1], body, [.. words[^callers..].Select(int.Parse)]);
    }
}
