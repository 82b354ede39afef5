internal import ArgumentParser
import Glibc
internal import ORKit

/// Where a secret comes from. Never an argument, never the environment.
struct SecretOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Read the secret from a file; - is stdin.", valueName: "path"), completion: .file()
    )
    var fromFile: String?

    @Option(help: ArgumentHelp("Read the secret from a systemd credential.", valueName: "name"))
    var fromCredential: String?

    func validate() throws {
        if fromFile != nil, fromCredential != nil {
            throw ValidationError("--from-file and --from-credential exclude each other")
        }
    }

    /// Reads the secret: from the file or credential named, else from stdin,
    /// where a person is asked and sees nothing of what is typed.
    func read(for name: String?, _ session: Session) throws -> String {
        // A shown request must be harmless to paste into a chat.
        if session.globals.showRequest { return "SECRET" }
        if let fromCredential {
            return try SecretInput.read(path: SecretInput.credentialPath(fromCredential))
        }
        if let fromFile, fromFile != "-" { return try SecretInput.read(path: fromFile) }
        guard isatty(STDIN_FILENO) == 1 else {
            return try SecretInput.checked(SecretInput.firstLine(of: STDIN_FILENO))
        }
        guard session.mayAsk else {
            throw CodedError(
                .usage, "a secret is needed, and --no-input forbids to ask for it",
                hints: ["pass it on stdin:   orkctl keys add NAME < FILE"])
        }
        let prompt = name.map { "Secret for \($0) (not shown): " } ?? "Secret (not shown): "
        return try SecretInput.checked(SecretPrompt.ask(prompt))
    }
}

/// Reading and checking a secret's bytes.
enum SecretInput {
    static let longest = 65_536

    static func credentialPath(_ name: String) throws -> String {
        guard !name.isEmpty, !name.contains("/"), name != "..", name != "." else {
            throw CodedError(.usage, "a credential's name is one word without slashes")
        }
        guard let directory = Environment["CREDENTIALS_DIRECTORY"], !directory.isEmpty else {
            throw CodedError(
                .inputUnreadable, "there are no credentials: CREDENTIALS_DIRECTORY is not set",
                hints: [
                    "give it one:   systemd-run --pipe -p LoadCredential=\(name):PATH orkctl keys add NAME"
                ])
        }
        return directory + "/" + name
    }

    static func read(path: String) throws -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw CodedError(.inputUnreadable, "cannot read \(path): \(SystemText.of(errno))")
        }
        defer { close(descriptor) }
        return try checked(firstLine(of: descriptor, isWhole: true))
    }

    /// - Parameter isWhole: whether everything counts and not only one line; a
    ///   second line is then an error and not passed over.
    static func firstLine(of descriptor: Int32, isWhole: Bool = false) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        defer { for i in chunk.indices { chunk[i] = 0 } }
        while bytes.count <= longest {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw CodedError(.inputUnreadable, "cannot read the secret: \(SystemText.of(errno))")
            }
            if count == 0 { break }
            bytes += chunk[..<count]
            if !isWhole, let end = bytes.firstIndex(of: UInt8(ascii: "\n")) { return Array(bytes[...end]) }
        }
        return bytes
    }

    /// Trimmed of one newline; refused when empty, too long, or holding
    /// anything that no key holds. The content is in no message.
    static func checked(_ input: [UInt8]) throws -> String {
        guard input.count <= longest else { throw CodedError(.badFormat, "the secret is longer than 64 KiB") }
        var bytes = input[...]
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        guard !bytes.isEmpty else {
            throw CodedError(
                .badFormat, "the secret is empty", hints: ["pass it on stdin:   orkctl keys add NAME < FILE"])
        }
        guard !bytes.contains(where: { $0 == 0x20 || (0x09...0x0D).contains($0) }) else {
            throw CodedError(.badFormat, "the secret has white space in it")
        }
        guard bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw CodedError(.badFormat, "the secret is not printable text")
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
