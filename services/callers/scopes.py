"""Which scope each method needs: one table. A method that is not in it is refused to everybody (a test counts them)."""

from __future__ import annotations

from services.callers.caller import Scope

OPEN = frozenset({"/grpc.health.v1.Health/Check", "/grpc.health.v1.Health/Watch"})
"""For whoever wants to know whether the server lives."""

ANY = frozenset(Scope)
"""Whoever is known."""

NEEDS: dict[str, Scope | frozenset[Scope]] = {
    "/heyan.v1.ValidationService/Check": Scope.CHECK,
    "/heyan.v1.ValidationService/WatchCheck": Scope.CHECK,
    "/heyan.v1.ValidationService/Validate": Scope.CHECK,
    "/heyan.v1.ValidationService/ListCalls": ANY,
    "/heyan.v1.ValidationService/GetCall": ANY,
    "/heyan.v1.ValidationService/LintCall": Scope.CHECK,
    "/heyan.v1.ValidationService/DraftCall": Scope.CHECK,
    "/heyan.v1.ValidationService/AuditCall": Scope.CHECK,
    "/heyan.v1.ValidationService/GetRoster": Scope.READ_OWN,
    "/heyan.v1.ValidationService/GetEvidence": Scope.READ_OWN,
    "/heyan.v1.ValidationService/DraftCorrection": Scope.READ_OWN,
    "/heyan.v1.ExtractionService/Extract": Scope.CHECK,
    "/heyan.v1.ExtractionService/RenderPage": Scope.READ_OWN,
    "/heyan.v1.IntakeService/UploadAttachment": Scope.SUBMIT,
    "/heyan.v1.IntakeService/MissingAttachments": Scope.SUBMIT,
    "/heyan.v1.IntakeService/CreateSubmission": Scope.SUBMIT,
    "/heyan.v1.IntakeService/BatchCreateSubmissions": Scope.SUBMIT,
    "/heyan.v1.IntakeService/CancelSubmission": Scope.SUBMIT,
    "/heyan.v1.IntakeService/GetSubmission": Scope.READ_OWN,
    "/heyan.v1.IntakeService/ListSubmissions": Scope.READ_OWN,
    "/heyan.v1.IntakeService/WatchSubmission": Scope.READ_OWN,
    "/heyan.v1.IntakeService/EraseSubmission": Scope.ERASE,
    "/heyan.v1.IntakeService/RejudgeCall": Scope.ADMIN,
    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo": ANY,
}
