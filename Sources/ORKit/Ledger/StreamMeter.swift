/// How many tokens a stream has brought so far, while nobody has said so: an
/// estimate by its events.
///
/// An event carries at least a token and an envelope that is the same every
/// time; what an event has beyond the smallest one is text, four bytes to a
/// token.
public struct StreamMeter: Sendable, Hashable {
    private var events: Int64 = 0
    private var bytes: Int64 = 0
    private var smallest: Int64 = .max

    public init() {}

    /// - Parameters:
    ///   - bytes: that came.
    ///   - events: that ended in them; 0: they are a part of one.
    public mutating func note(bytes: Int, events count: Int64) {
        self.bytes += Int64(bytes)
        guard count > 0 else { return }
        events += count
        smallest = min(smallest, Int64(bytes) / count)
    }

    /// Never falls.
    public var tokens: Int64 {
        guard events > 0 else { return bytes / 4 }
        return events + max(0, bytes - events * smallest) / 4
    }
}
