// Model: the nouns of ork as plain values, used by every other folder.
// Here: identity, money, time, secrets, usage, verdict words, error codes.
// Not here: decisions (Engine), bytes (Stream), wire forms (Control). Imports nothing.

/// An upstream key that we hold. The row id in the store; never reused.
public struct KeyID: Hashable, Comparable, Sendable, Codable {
    public let raw: Int64
    public init(_ raw: Int64) { self.raw = raw }
    public static func < (a: Self, b: Self) -> Bool { a.raw < b.raw }
    public init(from decoder: any Decoder) throws {
        raw = try decoder.singleValueContainer().decode(Int64.self)
    }
    public func encode(to encoder: any Encoder) throws {
        var box = encoder.singleValueContainer()
        try box.encode(raw)
    }
}

/// A holder of a client key. The row id in the store; never reused.
public struct ClientID: Hashable, Comparable, Sendable, Codable {
    public let raw: Int64
    public init(_ raw: Int64) { self.raw = raw }
    public static func < (a: Self, b: Self) -> Bool { a.raw < b.raw }
    public init(from decoder: any Decoder) throws {
        raw = try decoder.singleValueContainer().decode(Int64.self)
    }
    public func encode(to encoder: any Encoder) throws {
        var box = encoder.singleValueContainer()
        try box.encode(raw)
    }
}

extension ClientID {
    /// The caller in open mode: no client key was asked for.
    public static let anonymous = ClientID(0)
}

/// A pool of keys. The row id in the store; never reused.
public struct PoolID: Hashable, Comparable, Sendable, Codable {
    public let raw: Int64
    public init(_ raw: Int64) { self.raw = raw }
    public static func < (a: Self, b: Self) -> Bool { a.raw < b.raw }
    public init(from decoder: any Decoder) throws {
        raw = try decoder.singleValueContainer().decode(Int64.self)
    }
    public func encode(to encoder: any Encoder) throws {
        var box = encoder.singleValueContainer()
        try box.encode(raw)
    }
}

extension PoolID {
    /// The pool that is always there.
    public static let first = PoolID(0)
}

/// The person or tenant who owns clients and credit. The row id in the store;
/// never reused.
public struct UserID: Hashable, Comparable, Sendable, Codable {
    public let raw: Int64
    public init(_ raw: Int64) { self.raw = raw }
    public static func < (a: Self, b: Self) -> Bool { a.raw < b.raw }
    public init(from decoder: any Decoder) throws {
        raw = try decoder.singleValueContainer().decode(Int64.self)
    }
    public func encode(to encoder: any Encoder) throws {
        var box = encoder.singleValueContainer()
        try box.encode(raw)
    }
}

extension UserID {
    /// Owner of clients that belong to nobody: the house itself. Its requests
    /// are written down like all others and cost no credits.
    public static let house = UserID(0)
}
