// The packed form of open reservations, as they stand beside the sums.

extension Replay {
    /// First byte of what `packedOpen` writes.
    private static let packingVersion: UInt8 = 1

    /// Those that are not settled.
    public var packedOpen: [UInt8] {
        var writer = PackWriter(bytes: [])
        writer.byte(Self.packingVersion)
        writer.unsigned(UInt64(open.count))
        for (request, open) in open.sorted(by: { $0.key < $1.key }) {
            writer.unsigned(request.raw)
            writer.signed(open.user.raw)
            writer.signed(open.client.raw)
            writer.signed(open.credits)
            writer.byte(open.key == nil ? 0 : 1)
            if let key = open.key { writer.signed(key.raw) }
            writer.string(open.generation ?? "")
        }
        return writer.bytes
    }

    /// What was written down of a replay; more lines are to be added to it.
    ///
    /// - Returns: nil when the bytes are not what `packedOpen` writes.
    public init?(accounts: [UserID: Books.Account], sums: Sums, packedOpen bytes: [UInt8]) {
        let open = bytes.withUnsafeBytes { bytes -> [RequestID: Open]? in
            var reader = PackReader(bytes: bytes)
            guard reader.byte() == Self.packingVersion, let count = reader.unsigned(),
                count <= UInt64(bytes.count)
            else { return nil }
            var open: [RequestID: Open] = [:]
            for _ in 0..<count {
                guard let request = reader.unsigned(), let user = reader.signed(),
                    let client = reader.signed(), let credits = reader.signed(), let form = reader.byte()
                else { return nil }
                var key: KeyID?
                if form == 1 {
                    guard let raw = reader.signed() else { return nil }
                    key = KeyID(raw)
                }
                guard let generation = reader.string() else { return nil }
                open[RequestID(raw: request)] = Open(
                    user: UserID(user), client: ClientID(client), credits: credits, key: key,
                    generation: generation.isEmpty ? nil : generation)
            }
            return reader.isAtEnd ? open : nil
        }
        guard let open else { return nil }
        self.init(accounts: accounts, open: open, sums: sums)
    }
}
