import ORKit

/// Finished requests that wait for the disk.
struct RecordQueue {
    private(set) var batches: [RecordBatch] = []
    /// Records in them.
    private(set) var count = 0

    var isEmpty: Bool { batches.isEmpty }

    /// - Returns: how many records there was no room for.
    mutating func append(_ batch: RecordBatch, atMost capacity: Int) -> Int {
        guard count + batch.count <= capacity else { return batch.count }
        batches.append(batch)
        count += batch.count
        return 0
    }

    /// Those that could not be written come before those that came since.
    ///
    /// - Returns: how many records there was no room for.
    mutating func putBack(_ older: RecordQueue, atMost capacity: Int) -> Int {
        var whole = older
        let dropped = batches.reduce(0) { $0 + whole.append($1, atMost: capacity) }
        self = whole
        return dropped
    }
}
