import Logging
import NIOCore
import ORKit

// The configuration in the forms in which the parts of the daemon take it.

extension Configuration {
    var engineSettings: EngineSettings {
        var settings = EngineSettings()
        settings.strategy = pool.strategy
        settings.maxRetries = max(0, pool.attempts - 1)
        settings.guessedRest = pool.defaultCooldown
        settings.brokenRest = pool.breakerCooldown
        settings.suspectRecheck = pool.rejectionConfirmedAfter
        settings.reportEvery = pool.reportEvery
        settings.longestQueueWait = pool.queueWait
        settings.queue.capacity = pool.queueLength
        settings.queue.perClient = pool.queuePerClient
        return settings
    }

    var retention: Retention {
        Retention(
            requestDays: state.requestDays, requestBytes: state.requestBytes,
            requestCount: state.requestCount, ledgerDays: state.ledgerDays, ledgerBytes: state.ledgerBytes,
            transitionCount: state.transitionCount, eventCount: state.eventCount)
    }

    /// 0 in the configuration: one per core.
    var eventLoops: Int { proxy.eventLoops > 0 ? proxy.eventLoops : System.coreCount }

    /// 0 in the configuration: as many as the limit on open files can serve.
    private var maxConnections: Int {
        proxy.maxConnections > 0
            ? proxy.maxConnections : FileDescriptors.connectionBound(limit: FileDescriptors.raiseLimit())
    }

    /// Addresses inside the own network are for those who say so, or who name
    /// one themselves.
    var origin: Origin {
        let base = upstream.baseURL
        return Origin(
            isTLS: base.isTLS, host: base.host, port: Int(base.port), prefix: base.prefix,
            allowsPrivateAddresses: upstream.privateAddresses || AddressRule.isLiteral(base.host)
                || base.host == "localhost")
    }

    /// Nil where the data port speaks plain HTTP.
    var certificateFiles: ServerCertificate.Files? {
        proxy.tlsCertificate.isEmpty
            ? nil : ServerCertificate.Files(certificate: proxy.tlsCertificate, key: proxy.tlsKey)
    }

    var proxySettings: ProxySettings {
        var settings = ProxySettings()
        settings.open = proxy.auth == .open
        settings.bodyLimit = proxy.bodyLimit
        settings.replayLimit = Int(clamping: proxy.replayLimit)
        settings.replayMemory = Int(clamping: proxy.replayMemory)
        settings.headLimits = HeadLimits(
            line: Int(clamping: proxy.headLine), block: Int(clamping: proxy.headBlock),
            fields: proxy.headFields)
        settings.inputLimits.messages = proxy.maxMessages
        settings.inputLimits.model = proxy.maxModelLength
        settings.inputLimits.metadata = proxy.maxMetadata
        settings.maxConnections = maxConnections
        settings.memoryLimit =
            proxy.memoryLimit > 0 ? proxy.memoryLimit : ProcessMemory.available / 4 * 3
        settings.requestHead = proxy.requestHead * .millisecond
        settings.bodyIdle = proxy.bodyIdle * .millisecond
        settings.writeIdle = proxy.writeIdle * .millisecond
        settings.keepAliveIdle = proxy.keepAlive * .millisecond
        settings.streamIdle = proxy.streamIdle * .millisecond
        settings.upstreamHead = upstream.head * .millisecond
        settings.heartbeat = proxy.heartbeat * .millisecond
        settings.commitHold = proxy.commitHold * .millisecond
        settings.commitBytes = Int(clamping: proxy.commitBytes)
        settings.drains = proxy.callerGone == .drain ? proxy.drains : 0
        settings.drainTime = proxy.drainTime * .millisecond
        settings.drainBytes = Int(clamping: proxy.drainBytes)
        settings.securityHeaders = SecurityHeaders.lines(hsts: proxy.hsts)
        settings.metrics = proxy.metrics
        settings.managementKey = managementKey.map(Digest.of)
        settings.crossOrigin = CrossOrigin(proxy.corsOrigins)
        settings.trustedProxies = proxy.trustedProxies.compactMap { AddressRange($0) }
        settings.authFailures = proxy.authFailures
        settings.enforcesTrials = trial.enforce
        settings.usageChunk = credits.streamChunk
        settings.attribution =
            Attribution(
                referer: upstream.siteURL.isEmpty ? nil : upstream.siteURL,
                title: upstream.siteName.isEmpty ? nil : upstream.siteName) ?? .none
        return settings
    }
}

extension Configuration {
    private static let doorSettings = [
        "proxy.auth", "proxy.open_on_any_address", "proxy.metrics", "proxy.cors_origins",
        "proxy.trusted_proxies", "proxy.auth_failures", "upstream.private_addresses", "registration.enabled",
        "control.admin_group", "control.viewer_group",
    ]

    /// Settings that decide who is let in, and where to, by name: those that
    /// are not as by default.
    var doors: [String: String] {
        Self.doorSettings.compactMap { SettingsTable.named[$0] }.reduce(into: [:]) { found, setting in
            let value = setting.show(self)
            if value != setting.standard { found[setting.name] = value }
        }
    }
}

extension Logger.Level {
    init(_ level: LogLevel) { self = Logger.Level(rawValue: level.rawValue) ?? .info }
}
