/// Which requests begin in a run of postings, and which of these end in it.
///
/// A table of its own: every line of every commit asks it, and the ids are
/// ours, so that nobody can choose them to collide.
struct RequestCourse {
    private struct Entry {
        var request: RequestID
        var hasEnded = false
    }

    /// A power of two, less than half of them taken: a search comes to a free
    /// place soon.
    private var entries: [Entry?]

    /// - Parameter capacity: so many begin at most.
    init(capacity: Int) {
        var size = 8
        while size < capacity * 2 { size *= 2 }
        entries = Array(repeating: nil, count: size)
    }

    mutating func begin(_ request: RequestID) {
        let place = place(of: request)
        if entries[place] == nil { entries[place] = Entry(request: request) }
    }

    /// - Returns: whether it begins here.
    mutating func end(_ request: RequestID) -> Bool {
        let place = place(of: request)
        guard entries[place] != nil else { return false }
        entries[place]?.hasEnded = true
        return true
    }

    func hasEnded(_ request: RequestID) -> Bool { entries[place(of: request)]?.hasEnded ?? false }

    /// Where it is, or would be.
    private func place(of request: RequestID) -> Int {
        let last = entries.count - 1
        // Ids of one moment differ in a few bits, which the product spreads over all above them.
        let spread = (request.raw &* 0x9E37_79B9_7F4A_7C15) >> 32
        var place = Int(truncatingIfNeeded: spread) & last
        while let entry = entries[place], entry.request != request { place = (place + 1) & last }
        return place
    }
}
