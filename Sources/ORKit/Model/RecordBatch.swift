/// Finished requests on their way to the disk. Each is packed when it ends: a
/// busy loop would go through more memory than the processor's cache holds if
/// it kept them as they are until they are written (docs/performance.md).
public struct RecordBatch: Sendable {
    public private(set) var rows: [Row] = []
    /// Records in all rows.
    public private(set) var count = 0
    /// Of each client that was answered well.
    public private(set) var uses: [Use] = []

    /// How far apart the ids of one row are at most, so that an id is found by
    /// the first one alone: four seconds in the units of `RequestID`.
    public static let span: UInt64 = 4000 << 20

    /// Requests of a client that were answered well.
    public struct Use: Sendable {
        public let client: ClientID
        public fileprivate(set) var requests: Int64 = 0
        /// When the last of them ended: milliseconds since 1970.
        public fileprivate(set) var last: Int64 = 0
    }

    public init() {}

    /// In as few rows as they go into.
    public init(_ records: [RequestRecord]) {
        for record in records.sorted(by: { $0.id < $1.id }) { add(record) }
    }

    public mutating func add(_ record: RequestRecord) {
        count += 1
        note(record)
        // Requests end in another order than they begin, long streams much later; the newest row fits most.
        if let place = rows.lastIndex(where: { $0.takes(record.id) }) {
            rows[place].add(record)
        } else {
            rows.append(Row(record))
        }
    }

    /// Refused and failed ones do not count (CK-11).
    private mutating func note(_ record: RequestRecord) {
        guard record.client != .anonymous, (200..<400).contains(record.status) else { return }
        let place = uses.lastIndex { $0.client == record.client } ?? uses.endIndex
        if place == uses.endIndex { uses.append(Use(client: record.client)) }
        uses[place].requests += 1
        uses[place].last = max(uses[place].last, record.endMilliseconds)
    }
}

extension RecordBatch {
    /// Records whose ids are close to each other (ruling 4), in the order of
    /// their ends.
    public struct Row: Sendable {
        public private(set) var first: RequestID
        public private(set) var last: RequestID
        public private(set) var count = 0
        public private(set) var failed = 0
        private var packed: [UInt8] = []
        private var previous = PackContext()

        /// Records at most; also bounds what one look-up decodes.
        private static let most = 4096
        /// About what an ordinary one takes.
        private static let usual = 96

        init(_ record: RequestRecord) {
            (first, last) = (record.id, record.id)
            add(record)
        }

        func takes(_ id: RequestID) -> Bool {
            count < Self.most && max(last.raw, id.raw) - min(first.raw, id.raw) <= RecordBatch.span
        }

        mutating func add(_ record: RequestRecord) {
            first = min(first, record.id)
            last = max(last, record.id)
            count += 1
            if record.isFailed { failed += 1 }
            var writer = PackWriter(capacity: 2 * Self.usual)
            record.pack(into: &writer, previous: &previous)
            writer.append(to: &packed)
        }

        /// What `RequestRecord.unpack` reads.
        public var body: [UInt8] {
            var writer = PackWriter()
            writer.byte(RequestRecord.packingVersion)
            writer.unsigned(UInt64(count))
            return writer.bytes + packed
        }
    }
}
