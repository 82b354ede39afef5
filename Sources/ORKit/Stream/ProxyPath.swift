/// Where a request target leads.
package enum PathDecision: Hashable, Sendable {
    /// To the upstream.
    case proxy(ProxyPath)
    /// Not below the proxy's prefixes: the routes beside it.
    case web
    /// A management name below `/api/v1` (rulings 28, 35).
    case reserved
    /// Never normalised, never forwarded: code and name of the broken rule.
    case refused(ErrorCode, StaticString)

    package static func == (a: Self, b: Self) -> Bool {
        switch (a, b) {
        case (.proxy(let x), .proxy(let y)): x == y
        case (.web, .web), (.reserved, .reserved): true
        case (.refused(let x, let r), .refused(let y, let s)): x == y && r.description == s.description
        default: false
        }
    }

    package func hash(into hasher: inout Hasher) {
        if case .proxy(let path) = self { hasher.combine(path) }
    }
}

/// A path that may go upstream. The one value on which permission, metering
/// and the upstream's address are decided, so that they cannot disagree.
package struct ProxyPath: Hashable, Sendable {
    /// The part below the upstream base: `/v1` or `/v1/…`.
    package let upstream: [UInt8]
    /// The same as text, for records.
    package let text: String
    package let `class`: PathClass
    package let skin: Skin

    package init(upstream: [UInt8], class: PathClass, skin: Skin) {
        self.upstream = upstream
        text = String(decoding: upstream, as: UTF8.self)
        self.class = `class`
        self.skin = skin
    }
}

/// What kind of thing a path reaches (`design.md`, "Who may call which path
/// upstream").
package enum PathClass: UInt8, Sendable, CaseIterable {
    /// Runs a model.
    case inference
    /// Lists without an owner.
    case catalogue
    /// Things that one client created and another must not see: files,
    /// batches, generations, stored responses, video jobs.
    case object
    /// The pool owner's account.
    case account
    /// Anything that ork knows nothing about.
    case other

}

extension ProxyPath {
    /// What a client key needs for it. Objects need `passthrough` as long as
    /// their ids are not bound to their creators (ruling 20).
    package var permission: Permissions {
        switch `class` {
        case .inference: inferencePermission
        case .catalogue: .catalogue
        case .object, .other: .passthrough
        case .account: .admin
        }
    }

    private var inferencePermission: Permissions {
        switch skin {
        case .chat: .chat
        case .completions: .completions
        case .responses: .responses
        case .messages: .messages
        case .embeddings: .embeddings
        case .models, .other:
            text.hasPrefix("/v1/images") ? .images : text.hasPrefix("/v1/audio/") ? .audio : .furtherInference
        }
    }
}

/// In whose dialect a path speaks: decides the shape of errors of ours and
/// where usage stands in an answer.
package enum Skin: UInt8, Sendable, CaseIterable {
    case chat, completions, responses, messages, embeddings, models, other
}
