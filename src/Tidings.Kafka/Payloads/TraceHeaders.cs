using System.Diagnostics;
using System.Text;
using Confluent.Kafka;

namespace Tidings.Kafka.Payloads;

/// <summary>W3C trace context in the headers of a message: <c>traceparent</c>, and <c>tracestate</c> where there is one.</summary>
internal static class TraceHeaders
{
    private const string Parent = "traceparent";
    private const string State = "tracestate";

    /// <returns>Null where nobody traces.</returns>
    public static Headers? Of(Activity? activity)
    {
        if (activity?.Id is not { } id)
            return null;
        var headers = new Headers { { Parent, Encoding.ASCII.GetBytes(id) } };
        if (!string.IsNullOrEmpty(activity.TraceStateString))
            headers.Add(State, Encoding.ASCII.GetBytes(activity.TraceStateString));
        return headers;
    }

    public static bool TryRead(Headers? headers, out ActivityContext context)
    {
        context = default;
        return headers is not null && Text(headers, Parent) is { } parent && ActivityContext.TryParse(parent, Text(headers, State), isRemote: true, out context);
    }

    private static string? Text(Headers headers, string name) =>
        headers.TryGetLastBytes(name, out var bytes) && bytes is not null ? Encoding.ASCII.GetString(bytes) : null;
}
