/// The head that came last on a connection. Clients and upstreams repeat
/// nearly all of it in the next one: a line that stands there again, byte for
/// byte, says what it said, and is not read twice.
///
/// It holds what a caller sent as its credential, so its memory is nobody
/// else's and is overwritten at the end.
struct RecentHead: ~Copyable, @unchecked Sendable {
    /// Larger heads are not kept: every connection has one of these.
    static let most = 2048
    /// Memory is taken in steps, so that one head a little longer than the
    /// last moves nothing.
    private static let step = 256

    private var memory = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    /// How much of it is a head; 0: none is known.
    private var count = 0
    /// Its fields, one for each line behind the first.
    private var fields: [Field] = []

    deinit {
        Self.wipe(memory)
        memory.deallocate()
    }

    /// The lines with which a head begins as this one did.
    ///
    /// - Parameter stop: how far `base` may be read.
    /// - Returns: their fields, which the first line has none of, and how long
    ///   the lines are with their CRLF; 0 if not even the first is the same.
    func beginning(_ base: UnsafeRawPointer, to stop: Int) -> (fields: ArraySlice<Field>, length: Int) {
        guard count > 0, let memory = memory.baseAddress else { return ([], 0) }
        let same = base.countRepeating(memory, count: min(stop, count &- 2))
        var lines = 0
        var length = 0
        while lines <= fields.count {
            let end = lines < fields.count ? Int(fields[lines].name.start) : count &- 2
            guard end <= same else { break }
            lines &+= 1
            length = end
        }
        return (fields.prefix(max(0, lines &- 1)), length)
    }

    /// Whether line `number`, 1 or more behind the request or status line,
    /// stands at `start` again: behind the `beginning` one line has changed and
    /// the next has not.
    ///
    /// - Parameter stop: how far `base` may be read.
    /// - Returns: its length with the CRLF; 0 if something else stands there.
    @inline(__always)
    func lengthRepeated(_ number: Int, _ base: UnsafeRawPointer, at start: Int, to stop: Int) -> Int {
        guard count > 0, number <= fields.count, let memory = memory.baseAddress else { return 0 }
        let from = Int(fields[number &- 1].name.start)
        let to = number < fields.count ? Int(fields[number].name.start) : count &- 2
        let length = to &- from
        guard start &+ length <= stop else { return 0 }
        return (base + start).countRepeating(memory + from, count: length) == length ? length : 0
    }

    /// What line `number`, which now begins at `start`, says.
    @inline(__always)
    func field(_ number: Int, at start: Int) -> Field {
        let field = fields[number &- 1]
        let distance = start &- Int(field.name.start)
        return distance == 0 ? field : field.moved(by: distance)
    }

    mutating func forget() {
        count = 0
        fields.removeAll(keepingCapacity: true)
    }

    /// Keeps the bytes of a head that was read whole; `take` follows with its
    /// fields before anything is compared.
    mutating func keep(_ base: UnsafeRawPointer, count: Int) {
        guard count <= Self.most else { return forget() }
        if count > memory.count {
            Self.wipe(memory)
            memory.deallocate()
            let size = (count + Self.step - 1) / Self.step * Self.step
            memory = .allocate(byteCount: size, alignment: 1)
        }
        memory.copyMemory(from: UnsafeRawBufferPointer(start: base, count: count))
        self.count = count
    }

    /// Takes the fields of the head that was kept and leaves an empty array
    /// with room in their place.
    mutating func take(_ others: inout [Field]) {
        if count > 0 { swap(&fields, &others) }
        others.removeAll(keepingCapacity: true)
    }

    private static func wipe(_ bytes: UnsafeMutableRawBufferPointer) {
        for place in bytes.indices { bytes[place] = 0 }
    }
}

extension Field {
    fileprivate func moved(by distance: Int) -> Field {
        Field(name: name.moved(by: distance), value: value.moved(by: distance), kind: kind)
    }
}

extension Span {
    @inline(__always)
    fileprivate func moved(by distance: Int) -> Span {
        let from = Int(start) &+ distance
        return Span(from, from &+ Int(count))
    }
}
