using Tidings.Posts;

namespace Tidings.Server.Simulation;

public enum ActionKind : byte { Post, Like, Comment, Share, Hide }

/// <summary>One thing that a simulated person does.</summary>
/// <param name="Actor">Index of the person, from 0.</param>
/// <param name="Post">Ordinal of the post that is made or reacted to, from 0; it comes before every reaction to it.</param>
/// <param name="Author">Who made the post; the actor where it is made.</param>
/// <param name="Topic">What the post is about: a number of <see cref="Topics"/>.</param>
public readonly record struct SimulatedAction(
    ActionKind Kind, long UnixMs, int Actor, long Post, int Author, byte Topic, PostType Type, Audience Audience);

/// <param name="Index">From 0; the lower, the longer here and the better known.</param>
public sealed record SimulatedPerson(int Index, string Handle, string Name, string Bio);
