/// What a client key may reach (`design.md`, path classes).
public struct Permissions: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Chat, completions, responses, messages, embeddings, images, audio …
    public static let inference = Permissions(rawValue: 1)
    /// Models, providers and other lists without an owner.
    public static let catalogue = Permissions(rawValue: 2)
    /// Paths that ork knows nothing about.
    public static let passthrough = Permissions(rawValue: 4)
    /// The pool owner's account: keys, credits, activity.
    public static let admin = Permissions(rawValue: 8)

    /// What a client key gets when nothing is said.
    public static let standard: Permissions = [.inference, .catalogue]

    private static let names: [(Permissions, String)] = [
        (.inference, "inference"), (.catalogue, "catalogue"), (.passthrough, "passthrough"),
        (.admin, "admin"),
    ]

    public var names: [String] { Self.names.filter { contains($0.0) }.map(\.1) }

    /// Nil when a name is unknown. S0's words are shorthands (K-18):
    /// `models.list` is catalogue, `chat.completions`, `embeddings` and
    /// `images.generate` are inference.
    public init?(names: [String]) {
        var result: Permissions = []
        for name in names {
            switch name {
            case "models.list": result.insert(.catalogue)
            case "chat.completions", "embeddings", "images.generate": result.insert(.inference)
            default:
                guard let known = Self.names.first(where: { $0.1 == name }) else { return nil }
                result.insert(known.0)
            }
        }
        self = result
    }
}
