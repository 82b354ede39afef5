/// Why a request was not admitted.
public struct LimitRefusal: Sendable, Hashable {
    /// When to come back.
    public enum Wait: Sendable, Hashable {
        /// The same request would be admitted then if nothing else came.
        case milliseconds(Int64)
        /// As soon as another one ends.
        case unknown
        /// The request alone is more than the limit.
        case never
    }

    public let subject: LimitSubject
    public let kind: LimitKind
    public let limit: Int64
    /// Less than the request needs.
    public let left: Int64
    public let wait: Wait
    /// Milliseconds until all of it is back.
    public let reset: Int64
    /// It was only reported.
    public let isShadow: Bool

    /// `the client's limit of 5 requests per minute is used up`.
    public var text: String {
        let whose = "the \(subject.noun)'s limit of \(limit) \(kind.text)"
        if wait == .never { return "\(whose) is less than this request alone needs" }
        if left == 0 { return "\(whose) is used up" }
        return "\(whose) has only \(left) left, less than this request may need"
    }

    /// The one that lasts longer: there is no use in coming back before.
    static func longer(_ a: LimitRefusal?, _ b: LimitRefusal?) -> LimitRefusal? {
        guard let a, let b else { return a ?? b }
        return b.order > a.order ? b : a
    }

    private var order: Int64 {
        switch wait {
        case .unknown: -1
        case .milliseconds(let time): time
        case .never: .max
        }
    }
}
