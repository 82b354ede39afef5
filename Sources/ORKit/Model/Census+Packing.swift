extension Census {
    /// A bit for every class that is not empty, in their order, then how many
    /// are in it.
    func pack(into writer: inout PackWriter) {
        var bits: UInt64 = 0
        for (place, part) in Part.allCases.enumerated() where self[part] > 0 { bits |= 1 << UInt64(place) }
        writer.unsigned(bits)
        for part in Part.allCases where self[part] > 0 { writer.unsigned(UInt64(self[part])) }
    }

    init?(from reader: inout PackReader) {
        self.init()
        guard let bits = reader.unsigned(), bits >> UInt64(Part.allCases.count) == 0 else { return nil }
        for (place, part) in Part.allCases.enumerated() where bits & 1 << UInt64(place) != 0 {
            guard let count = reader.unsigned().flatMap(UInt32.init(exactly:)), count > 0 else { return nil }
            self[part] = count
        }
    }
}
