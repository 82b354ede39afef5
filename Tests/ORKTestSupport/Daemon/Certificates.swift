public import Foundation
import NIOSSL

/// Certificates for `localhost` and 127.0.0.1, made anew for a test: `first`,
/// `second` and `expired`, all by one authority.
public struct Certificates: Sendable {
    private let scratch: ScratchDirectory

    public init() async throws {
        scratch = try ScratchDirectory(prefix: "ork-tls")
        let script = BuiltPrograms.packageRoot + "/Tests/tls/certificates.py"
        let python = Program("/usr/bin/python3", environment: ["PATH": "/usr/bin:/bin"])
        let ran = try await python.run([script, scratch.path])
        guard ran.status == 0 else { throw NotMade(description: ran.stderr) }
    }

    public struct NotMade: Error, CustomStringConvertible {
        public let description: String
    }

    /// PEM of the authority.
    public var roots: String { path("ca.pem") }
    /// What the daemon is told to use; filled by `install`.
    public var certificate: String { path("live.pem") }
    public var key: String { path("live.key") }

    public func path(_ file: String) -> String { scratch.path + "/" + file }

    /// Makes it the one that the daemon reads next.
    public func install(_ name: String, key other: String? = nil) throws {
        try write(Data(contentsOf: URL(fileURLWithPath: path((other ?? name) + ".key"))), to: "live.key")
        try write(Data(contentsOf: URL(fileURLWithPath: path(name + ".pem"))), to: "live.pem")
    }

    /// Replaces a file, mode 0600.
    public func write(_ data: Data, to file: String) throws { try scratch.file(file, data) }

    /// As it is shown in a handshake.
    public func der(_ name: String) throws -> [UInt8] {
        try NIOSSLCertificate.fromPEMFile(path(name + ".pem"))[0].toDERBytes()
    }

    public func remove() { scratch.remove() }
}

extension DaemonOptions {
    /// Has callers speak TLS.
    public mutating func secure(with certificates: Certificates) {
        set("proxy", "tls_certificate = \"\(certificates.certificate)\"")
        set("proxy", "tls_key = \"\(certificates.key)\"")
    }
}

extension DaemonFixture {
    /// As `caller`, in TLS.
    public func caller(trusting certificates: Certificates) -> Caller {
        Caller(
            .tls(host: "127.0.0.1", port: port, roots: certificates.roots), key: clientSecret,
            transcripts: answers)
    }
}
