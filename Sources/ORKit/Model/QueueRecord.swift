/// A request's wait for a key, as kept.
public struct QueueRecord: Sendable, Hashable {
    /// Where it stood when it came, from 1.
    public let position: Int
    public let milliseconds: Int64

    public init(position: Int, milliseconds: Int64) {
        self.position = position
        self.milliseconds = milliseconds
    }
}

extension QueueRecord {
    func pack(into writer: inout PackWriter) {
        writer.unsigned(UInt64(clamping: position))
        writer.signed(milliseconds)
    }

    init?(from reader: inout PackReader) {
        guard let position = reader.unsigned().flatMap(Int.init(exactly:)),
            let milliseconds = reader.signed()
        else { return nil }
        self.init(position: position, milliseconds: milliseconds)
    }
}
