"""IntakeService: the contract stands; every method answers UNIMPLEMENTED with a sentence."""

from __future__ import annotations

from collections.abc import AsyncIterator

from heyan.v1 import intake_service_pb2 as pb
from heyan.v1.intake_service_pb2_grpc import IntakeServiceServicer
from services.status import Context, NotYet, answering


class IntakeServicer(IntakeServiceServicer):
    """Will take in attachments and submissions and work on them durably."""

    @answering
    async def UploadAttachment(
        self, requests: AsyncIterator[pb.UploadAttachmentRequest], context: Context
    ) -> pb.UploadAttachmentResponse:
        raise NotYet("IntakeService.UploadAttachment")

    @answering
    async def CreateSubmission(
        self, request: pb.CreateSubmissionRequest, context: Context
    ) -> pb.CreateSubmissionResponse:
        raise NotYet("IntakeService.CreateSubmission")

    @answering
    async def GetSubmission(self, request: pb.GetSubmissionRequest, context: Context) -> pb.GetSubmissionResponse:
        raise NotYet("IntakeService.GetSubmission")

    @answering
    async def ListSubmissions(self, request: pb.ListSubmissionsRequest, context: Context) -> pb.ListSubmissionsResponse:
        raise NotYet("IntakeService.ListSubmissions")

    @answering
    async def WatchSubmission(
        self, request: pb.WatchSubmissionRequest, context: Context
    ) -> AsyncIterator[pb.WatchSubmissionResponse]:
        raise NotYet("IntakeService.WatchSubmission")
        yield  # makes it a stream

    @answering
    async def CancelSubmission(
        self, request: pb.CancelSubmissionRequest, context: Context
    ) -> pb.CancelSubmissionResponse:
        raise NotYet("IntakeService.CancelSubmission")

    @answering
    async def EraseSubmission(self, request: pb.EraseSubmissionRequest, context: Context) -> pb.EraseSubmissionResponse:
        raise NotYet("IntakeService.EraseSubmission")
