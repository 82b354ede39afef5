/// Names one proxied request, in the `Ork-Request` header, in every error body
/// of ours and in `orkctl explain`.
///
/// 43 bits of wall milliseconds, 6 bits of event loop, 14 bits of sequence:
/// ids of one loop rise strictly, and the id alone tells when the request
/// came, so the store needs no second index to find it. Written as 13
/// characters of Crockford's base 32, lower case.
public struct RequestID: Hashable, Comparable, Sendable {
    public let raw: UInt64

    public init(raw: UInt64) { self.raw = raw }

    /// Milliseconds since 1970 at which the request began.
    public var wallMilliseconds: Int64 { Int64(truncatingIfNeeded: raw >> Self.tailBits) }

    /// The smallest id that a request of that millisecond can have.
    public static func floor(wallMilliseconds: Int64) -> RequestID {
        RequestID(raw: UInt64(clamping: wallMilliseconds) << tailBits)
    }

    public static func < (a: Self, b: Self) -> Bool { a.raw < b.raw }

    static let tailBits: UInt64 = 20
    static let sequenceBits: UInt64 = 14
}

extension RequestID: CustomStringConvertible {
    static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

    public var description: String {
        String(unsafeUninitializedCapacity: 13) { out in
            for i in 0..<13 {
                out[i] = Self.alphabet[Int((raw >> (UInt64(12 - i) * 5)) & 31)]
            }
            return 13
        }
    }

    /// Reads what `description` wrote; nil for anything else.
    public init?(_ text: some StringProtocol) {
        var value: UInt64 = 0
        let bytes = text.utf8
        guard bytes.count == 13 else { return nil }
        for byte in bytes {
            guard let digit = Self.alphabet.firstIndex(of: byte | 0x20) ?? Self.alphabet.firstIndex(of: byte)
            else {
                return nil
            }
            guard value >> 59 == 0 else { return nil }
            value = value << 5 | UInt64(digit)
        }
        raw = value
    }
}

/// Gives out request ids on one event loop: strictly rising, also when the
/// wall clock stands still or is set back.
public struct RequestIDSource: Sendable {
    private let loop: UInt64
    private var last: UInt64 = 0

    /// - Parameter loop: number of the event loop, 0 to 63; two loops never
    ///   give out the same id.
    public init(loop: Int) { self.loop = UInt64(truncatingIfNeeded: loop) & 63 }

    public mutating func next(wallMilliseconds: Int64) -> RequestID {
        let start = RequestID.floor(wallMilliseconds: wallMilliseconds).raw | loop << RequestID.sequenceBits
        if start > last {
            last = start
        } else if last & (1 << RequestID.sequenceBits - 1) != 1 << RequestID.sequenceBits - 1 {
            last += 1
        } else {
            // The sequence of this millisecond is used up: borrow the next one.
            let following = (last >> RequestID.tailBits + 1) << RequestID.tailBits
            last = following | loop << RequestID.sequenceBits
        }
        return RequestID(raw: last)
    }
}
