/// What a client key may reach (`design.md`, path classes): one bit for each
/// thing that the data path tells apart. The bits are stored: none is ever
/// given another meaning.
public struct Permissions: OptionSet, Hashable, Sendable {
    public let rawValue: UInt16
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    public static let chat = Permissions(rawValue: 1)
    /// Models, providers and other lists without an owner.
    public static let catalogue = Permissions(rawValue: 2)
    /// Paths that ork knows nothing about.
    public static let passthrough = Permissions(rawValue: 4)
    /// The pool owner's account: keys, credits, activity.
    public static let admin = Permissions(rawValue: 8)
    public static let completions = Permissions(rawValue: 16)
    public static let responses = Permissions(rawValue: 32)
    public static let messages = Permissions(rawValue: 64)
    public static let embeddings = Permissions(rawValue: 128)
    public static let images = Permissions(rawValue: 256)
    public static let audio = Permissions(rawValue: 512)
    /// Reranking and whatever else runs a model.
    public static let furtherInference = Permissions(rawValue: 1024)
    /// To see what its user is told of itself: balance, usage, keys.
    public static let readUser = Permissions(rawValue: 2048)
    /// To change it: profile and keys.
    public static let writeUser = Permissions(rawValue: 4096)

    /// Everything that runs a model.
    public static let inference: Permissions = [
        .chat, .completions, .responses, .messages, .embeddings, .images, .audio, .furtherInference,
    ]
    public static let user: Permissions = [.readUser, .writeUser]

    /// What a client key gets when nothing is said: never admin (K-18).
    public static let standard: Permissions = [.inference, .catalogue, .user]
}

extension Permissions {
    private static let wholes: [(Permissions, String)] = [
        (.inference, "inference"), (.catalogue, "catalogue"), (.user, "user"),
        (.passthrough, "passthrough"), (.admin, "admin"),
    ]

    private static let parts: [(Permissions, String)] = [
        (.chat, "chat.completions"), (.completions, "completions"), (.responses, "responses"),
        (.messages, "messages"), (.embeddings, "embeddings"), (.images, "images.generate"),
        (.audio, "audio"), (.furtherInference, "inference.other"), (.readUser, "read:user"),
        (.writeUser, "write:user"),
    ]

    /// Every word that stands for a permission, as messages list them.
    public static let words: [String] =
        (wholes + parts).map(\.1) + ["models.list", "read", "write"]

    /// The fewest words that mean this set.
    public var names: [String] {
        var rest = self
        var names: [String] = []
        for (set, name) in Self.wholes + Self.parts
        where !rest.isDisjoint(with: set) && rest.isSuperset(of: set) {
            names.append(name)
            rest.subtract(set)
        }
        return names
    }

    /// Nil when a name is unknown. S0's words (`chat.completions`,
    /// `models.list` …) and S2's pairs (`write:embeddings`, `read:*`) are
    /// taken too (K-18).
    public init?(names: [String]) {
        var result: Permissions = []
        for name in names {
            guard let set = Self.named(name) else { return nil }
            result.formUnion(set)
        }
        self = result
    }

    private static func named(_ name: String) -> Permissions? {
        if name == "models.list" { return .catalogue }
        if let known = (wholes + parts).first(where: { $0.1 == name }) { return known.0 }
        let words = name.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        return named(words[0], words.count == 2 ? words[1] : "*")
    }

    /// `passthrough` reaches what other clients created, so `*` does not mean
    /// it: it has to be named.
    private static func named(_ verb: Substring, _ resource: Substring) -> Permissions? {
        switch (verb, resource) {
        case ("read", "*"): [.catalogue, .readUser]
        case ("read", "models"): .catalogue
        case ("read", "user"): .readUser
        case ("write", "*"): [.inference, .writeUser]
        case ("write", "user"): .writeUser
        case ("write", "passthrough"): .passthrough
        case ("write", _):
            parts.first { $0.1 == resource && inference.isSuperset(of: $0.0) }?.0
        case ("admin", "*"): .admin
        default: nil
        }
    }
}

extension Permissions {
    /// S2's map: what may be read, written and administered, by name, `*` for
    /// everything there is.
    public var scopes: [String: [String]] {
        let read: Permissions = [.catalogue, .readUser]
        let write: Permissions = [.inference, .writeUser]
        var scopes = [
            "read": isSuperset(of: read)
                ? ["*"] : (contains(.catalogue) ? ["models"] : []) + (contains(.readUser) ? ["user"] : []),
            "admin": contains(.admin) ? ["*"] : [],
        ]
        scopes["write"] =
            (isSuperset(of: write)
                ? ["*"]
                : Self.parts.filter { Self.inference.isSuperset(of: $0.0) && contains($0.0) }.map(\.1)
                    + (contains(.writeUser) ? ["user"] : []))
            + (contains(.passthrough) ? ["passthrough"] : [])
        return scopes
    }

    /// Nil when a verb or a resource is unknown. Nothing at all means the
    /// standard set.
    public init?(scopes: [String: [String]]) {
        let names = scopes.flatMap { verb, resources in resources.map { "\(verb):\($0)" } }
        guard scopes.keys.allSatisfy(["read", "write", "admin"].contains) else { return nil }
        guard !names.isEmpty else {
            self = .standard
            return
        }
        self.init(names: names)
    }
}
