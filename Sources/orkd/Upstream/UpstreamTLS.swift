import NIOCore
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

    /// The handshake is complete only for a certificate of the configured
    /// host; not a byte of a request leaves before.
    static func handler(context: NIOSSLContext, origin: Origin) throws -> NIOSSLClientHandler {
        // Server name indication must not be an address (RFC 6066, 3).
        guard !AddressRule.isLiteral(origin.host) else {
            return try NIOSSLClientHandler(context: context, serverHostname: nil)
        }
        return try NIOSSLClientHandler._makeSSLClientHandler(context: context, serverHostname: origin.host) {
            certificate, channel in
            CertificateName.covers(origin.host, names: CertificateName.dnsNames(of: certificate))
                ? channel.eventLoop.makeSucceededVoidFuture()
                : channel.eventLoop.makeFailedFuture(NIOSSLExtraError.failedToValidateHostname)
        }
    }
}
