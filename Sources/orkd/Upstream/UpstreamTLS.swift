import NIOSSL
import ORKit

/// TLS towards the upstream: verified against the system's roots or a file of
/// the operator's, never below 1.2. NIOSSL's own default is 1.0
/// (`TLSConfiguration.swift` of 2.37.6).
enum UpstreamTLS {
    /// - Parameter caFile: PEM file of roots to trust instead of the
    ///   system's; empty for the system's.
    /// - Throws: `CodedError` with `config-invalid` when the file is no use.
    static func context(caFile: String) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.certificateVerification = .fullVerification
        configuration.applicationProtocols = ["http/1.1"]
        if !caFile.isEmpty { configuration.trustRoots = .file(caFile) }
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw CodedError(.configInvalid, "upstream.ca_file \(caFile) cannot be used as trusted roots")
        }
    }
}
