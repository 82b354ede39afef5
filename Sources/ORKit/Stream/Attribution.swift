/// The attribution fields that are added where the caller sent none
/// (openrouter-api.md 2.1, ruling 37), ready to be written.
package struct Attribution: Sendable {
    let referer: [UInt8]
    let title: [UInt8]

    /// Neither.
    package static let none = Attribution()

    static let longestValue = 480

    private init() {
        referer = []
        title = []
    }

    /// - Returns: nil if a value is longer than 480 bytes or holds anything
    ///   but printable ASCII.
    package init?(referer: String?, title: String?) {
        guard Self.isSound(referer), Self.isSound(title) else { return nil }
        self.referer = referer.map { Array("HTTP-Referer: \($0)\r\n".utf8) } ?? []
        self.title = title.map { Array("X-Title: \($0)\r\n".utf8) } ?? []
    }

    private static func isSound(_ value: String?) -> Bool {
        guard let value else { return true }
        return value.utf8.count <= longestValue && value.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    }
}
