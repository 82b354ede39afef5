import NIOConcurrencyHelpers
import NIOCore
import NIOSSL
import ORKit

/// What the data port shows of itself in TLS. It can be read anew while the
/// daemon runs: connections that stand keep the one they began with.
final class ServerCertificate: Sendable {
    /// PEM files: the certificate with its intermediates, leaf first, and its
    /// key.
    struct Files: Sendable, Hashable {
        var certificate: String
        var key: String
    }

    private struct Loaded {
        var context: NIOSSLContext
        var leaf: NIOSSLCertificate
    }

    let files: Files
    private let loaded: NIOLockedValueBox<Loaded>

    /// - Throws: `CodedError` `certificate-invalid` or `file-unsafe`.
    init(_ files: Files) throws(CodedError) {
        self.files = files
        loaded = NIOLockedValueBox(try Self.load(files))
    }

    /// For the next connection.
    var context: NIOSSLContext { loaded.withLockedValue { $0.context } }

    /// When the one in use expires.
    var expires: WallTime { loaded.withLockedValue { $0.leaf.expires } }

    /// Reads the files again. What cannot be used, or is over already, changes
    /// nothing.
    ///
    /// - Returns: whether it is another certificate than before.
    /// - Throws: as `init`.
    func reload(at now: WallTime) throws(CodedError) -> Bool {
        let next = try Self.load(files)
        guard next.leaf.expires > now else {
            throw CodedError(
                .certificateInvalid, "\(files.certificate) expired on \(next.leaf.expires.rfc3339)")
        }
        return loaded.withLockedValue { loaded in
            let isNew = loaded.leaf != next.leaf
            loaded = next
            return isNew
        }
    }

    private static func load(_ files: Files) throws(CodedError) -> Loaded {
        let chainText = try SmallTextFile.read(
            files.certificate, isSecret: false, orElse: .certificateInvalid)
        guard let chain = try? NIOSSLCertificate.fromPEMBytes(chainText), let leaf = chain.first else {
            throw CodedError(.certificateInvalid, "\(files.certificate) holds no certificate in PEM form")
        }
        let keyText = try SmallTextFile.read(files.key, isSecret: true, orElse: .certificateInvalid)
        guard let key = try? NIOSSLPrivateKey(bytes: keyText, format: .pem) else {
            throw CodedError(
                .certificateInvalid, "\(files.key) holds no private key in PEM form without a passphrase")
        }
        guard let context = try? NIOSSLContext(configuration: configuration(chain, key)) else {
            throw CodedError(
                .certificateInvalid,
                "the key in \(files.key) is not that of the certificate in \(files.certificate)"
            )
        }
        return Loaded(context: context, leaf: leaf)
    }

    /// NIOSSL's own default begins at TLS 1.0 and allows key exchange without
    /// forward secrecy (`TLSConfiguration.swift` of 2.37.6).
    private static func configuration(_ chain: [NIOSSLCertificate], _ key: NIOSSLPrivateKey)
        -> TLSConfiguration
    {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.cipherSuites = "ECDHE+AESGCM:ECDHE+CHACHA20"
        configuration.applicationProtocols = ["http/1.1"]
        configuration.shutdownTimeout = .seconds(2)
        return configuration
    }
}

extension NIOSSLCertificate {
    fileprivate var expires: WallTime {
        WallTime(milliseconds: Int64(notValidAfter).multipliedReportingOverflow(by: 1000).partialValue)
    }
}
