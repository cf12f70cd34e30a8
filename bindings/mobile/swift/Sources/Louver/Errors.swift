import Foundation

// Errors describe themselves in whole sentences, which name no secret: `localizedDescription` and `"\(error)"` give them.

extension AddressError: LocalizedError, CustomStringConvertible {
    public var errorDescription: String? { description }
}

extension AmountError: LocalizedError, CustomStringConvertible {
    public var errorDescription: String? { description }
}

extension AuditError: LocalizedError, CustomStringConvertible {
    public var errorDescription: String? { description }
}

extension DiscloseError: LocalizedError, CustomStringConvertible {
    public var errorDescription: String? { description }
}

extension NodeError: LocalizedError, CustomStringConvertible {
    public var errorDescription: String? { description }
}

extension PackageError: LocalizedError, CustomStringConvertible {
    public var errorDescription: String? { description }
}

extension PaymentListError: LocalizedError, CustomStringConvertible {
    public var errorDescription: String? { description }
}

extension PaymentRequestError: LocalizedError, CustomStringConvertible {
    public var errorDescription: String? { description }
}

extension PhraseError: LocalizedError, CustomStringConvertible {
    public var errorDescription: String? { description }
}

extension PlanError: LocalizedError, CustomStringConvertible {
    public var errorDescription: String? { description }
}

extension ProtocolError: LocalizedError, CustomStringConvertible {
    public var errorDescription: String? { description }
}

extension ProverError: LocalizedError, CustomStringConvertible {
    public var errorDescription: String? { description }
}

extension SendError: LocalizedError, CustomStringConvertible {
    public var errorDescription: String? { description }
}

extension StorageError: LocalizedError, CustomStringConvertible {
    public var errorDescription: String? { description }
}

extension TransportError: LocalizedError, CustomStringConvertible {
    public var errorDescription: String? { description }
}

extension WalletError: LocalizedError, CustomStringConvertible {
    public var errorDescription: String? { description }
}
