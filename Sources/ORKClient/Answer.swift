import FoundationEssentials
internal import ORKit

/// What came back for one call.
struct Answer {
    let status: Int
    /// Value of `Orkd-API`, if there was one.
    let api: String?
    /// Value of `Orkd-Release`, if there was one.
    let release: String?
    let body: [UInt8]

    /// A refusal that arrived although the transfer failed, as when the daemon
    /// refuses an upload in its middle and closes.
    var isWholeError: Bool { status >= 400 && statedError != nil }

    /// - Throws: the daemon's own error as it states it; `protocol-mismatch`
    ///   when it speaks another version or is not orkd at all.
    func successBody(socket: String) throws -> [UInt8] {
        guard let api else {
            throw CodedError(.protocolMismatch, "what answers at \(socket) is not orkd")
        }
        guard api == String(API.version) else {
            let theirs = String(api.prefix(20))
            throw CodedError(
                .protocolMismatch, "orkd speaks version \(theirs) of the control API, orkctl \(API.version)")
        }
        if (200..<300).contains(status) { return body }
        throw statedError ?? CodedError(.protocolMismatch, "the daemon answered \(status) without a reason")
    }

    private var statedError: CodedError? { Self.statedError(in: body) }

    /// The daemon's error as it states it; nil when the bytes are no error.
    static func statedError(in bytes: [UInt8]) -> CodedError? {
        guard let stated = try? JSONDecoder().decode(StatedError.self, from: Data(bytes)).error else {
            return nil
        }
        if let code = ErrorCode(rawValue: stated.code) {
            return CodedError(code, stated.message, hints: stated.hints ?? code.entry.hints)
        }
        // A newer daemon may know more codes; a code not listed is a failure.
        return CodedError(.internalError, "\(stated.message) (\(stated.code))", hints: stated.hints ?? [])
    }

    /// `ErrorBody` with everything optional that a newer daemon might change.
    private struct StatedError: Decodable {
        struct Detail: Decodable {
            let code: String
            let message: String
            let hints: [String]?
        }
        let error: Detail
    }
}
