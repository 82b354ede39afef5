import Logging
import ORKit

/// SIGHUP: reads the configuration again and puts in force what a running
/// daemon can take over. One that is not valid changes nothing.
struct Reload: Sendable {
    let flags: FlagValues
    let environment: [String: String]
    let state: DaemonState
    let operations: OperationsService
    let models: ModelsService
    let output: LogOutput
    let notify: Notify
    let logger: Logger

    /// One at a time, for as long as there are wishes.
    func run(_ wishes: AsyncStream<Void>) async {
        for await _ in wishes {
            notify.reloading()
            await reload()
            renewCertificate()
            if !Task.isCancelled { notify.ready(status: state.readyText) }
        }
    }

    private func reload() async {
        let read = Configuration.load(arguments: flags, environment: environment)
        switch read {
        case .failure(let errors):
            for line in errors.lines {
                logger.error(
                    "the configuration is not valid, the old one stays",
                    metadata: ["code": .string(ErrorCode.configInvalid.rawValue), "problem": .string(line)])
            }
        case .success(let next):
            do {
                try await adopt(next)
            } catch {
                let error = error as? CodedError ?? CodedError(.internalError)
                logger.error(
                    "the configuration cannot be taken over, the old one stays",
                    metadata: ["code": .string(error.code.rawValue), "problem": .string(error.message)])
            }
        }
    }

    private func adopt(_ read: Configuration) async throws {
        let present = state.configuration
        let next = present.adopting(read)
        let (changed, waiting) = present.difference(to: read)
        for remark in read.remarks where !present.remarks.contains(remark) { logger.warning("\(remark)") }
        var overridden: Set<String> = []
        if !changed.isEmpty {
            overridden = try await operations.adopt(
                next.engineSettings, next.retention, before: present.values(of: changed),
                after: next.values(of: changed))
            state.adopt(next)
            output.level = .init(next.log.level)
            if present.upstream.prices != next.upstream.prices { await models.reprice() }
        }
        // With the values, because nobody can look them up afterwards.
        for name in changed {
            let message: Logger.Message =
                overridden.contains(name) ? "setting stays as orkctl has set it" : "setting changed"
            note(message, name, present, read)
        }
        for name in waiting { note("setting waits for a restart", name, present, read) }
        logger.notice(
            "configuration reloaded",
            metadata: [
                "changed": .string(changed.joined(separator: " ")),
                "needs_restart": .string(waiting.joined(separator: " ")),
            ])
    }

    /// Also where the configuration was refused: the two have nothing to do
    /// with each other.
    private func renewCertificate() {
        guard let certificate = state.certificate else { return }
        let now = SystemClock.now()
        do {
            let isNew = try certificate.reload(at: now.wall)
            operations.conditions.clear(.certificateInvalid)
            guard isNew else { return }
            logger.notice(
                "certificate renewed", metadata: ["expires": .string(certificate.expires.rfc3339)])
        } catch {
            let text = "\(error.message); the old certificate stays, until \(certificate.expires.rfc3339)"
            operations.conditions.raise(Condition(.certificateInvalid, .warning, text: text), at: now)
            logger.error(
                "the certificate cannot be taken over, the old one stays",
                metadata: ["code": .string(error.code.rawValue), "problem": .string(error.message)])
        }
    }

    private func note(_ message: Logger.Message, _ name: String, _ old: Configuration, _ new: Configuration) {
        logger.notice(
            message,
            metadata: [
                "setting": .string(name), "from": .string(old.values(of: [name])[name] ?? ""),
                "to": .string(new.values(of: [name])[name] ?? ""),
                "source": .string(new.source(of: name).description),
            ])
    }
}

extension Configuration {
    fileprivate func values(of names: [String]) -> [String: String] {
        names.reduce(into: [:]) { $0[$1] = SettingsTable.named[$1]?.show(self) }
    }
}
