/// The answer to `GET /models`.
public struct ModelCatalogue: Hashable, Sendable {
    /// By id.
    public var models: [ModelOffer] = []
    /// Elements of the list that are no models, or that came twice.
    public var unread = 0

    public init() {}

    /// Beyond this it is no list of models any more.
    public static let longestAnswer = 16 << 20
    private static let mostModels = 20_000

    /// Reads the answer. An element that cannot be read is left out; the
    /// others count.
    ///
    /// - Returns: nil when it is not JSON from its first byte to its last, or
    ///   holds no list.
    public init?(answer bytes: [UInt8]) {
        guard bytes.count <= Self.longestAnswer else { return nil }
        let isRead = bytes.withUnsafeBytes { source in
            guard var walk = JSONWalk(source) else { return false }
            return read(&walk, source)
        }
        guard isRead else { return nil }
        models.sort { $0.id < $1.id }
    }

    private mutating func read(_ walk: inout JSONWalk, _ source: UnsafeRawBufferPointer) -> Bool {
        guard walk.expect(0x7B, "not-an-object"), walk.peek() != 0x7D else { return false }
        var hasList = false
        repeat {
            guard let key = walk.text(), walk.expect(0x3A, "colon-missing") else { return false }
            let name = JSONText.string(
                UnsafeRawBufferPointer(rebasing: source[key.range]), isEscaped: key.isEscaped, limit: 16)
            if name == "data", !hasList, walk.peek() == 0x5B {
                hasList = true
                readList(&walk, source)
            } else {
                _ = walk.skipValue(depth: 1)
            }
        } while walk.stop == nil && walk.another(before: 0x7D)
        return walk.stop == nil && hasList && walk.peek() == nil
    }

    private mutating func readList(_ walk: inout JSONWalk, _ source: UnsafeRawBufferPointer) {
        walk.at += 1
        if walk.peek() == 0x5D {
            walk.at += 1
            return
        }
        var seen: Set<String> = []
        repeat {
            _ = walk.peek()
            let start = walk.at
            guard walk.skipValue(depth: 2) else { return }
            guard models.count < Self.mostModels, let row = JSONValue(Array(source[start..<walk.at])),
                let model = ModelOffer(row), seen.insert(model.id).inserted
            else {
                unread += 1
                continue
            }
            models.append(model)
        } while walk.another(before: 0x5D)
    }
}
