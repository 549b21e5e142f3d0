import type { Field, Kind } from "../types.ts";

const scalar = (name: string, kind: Kind): Field => ({ name, kind, children: [] });
const struct = (name: string, children: readonly Field[]): Field => ({ name, kind: "struct", children });
const list = (name: string, item: Field): Field => ({ name, kind: "list", children: [item] });
const map = (name: string): Field => ({
  name,
  kind: "map",
  children: [scalar("key", "utf8"), scalar("value", "utf8")],
});

const named = (names: string, make: (name: string) => Field): Field[] => names.split(/\s+/).map(make);
const texts = (names: string): Field[] => named(names, (name) => scalar(name, "utf8"));
const numbers = (names: string): Field[] => named(names, (name) => scalar(name, "number"));
const flags = (names: string): Field[] => named(names, (name) => scalar(name, "bool"));
const textLists = (names: string): Field[] => named(names, (name) => list(name, scalar("item", "utf8")));
const numberLists = (names: string): Field[] => named(names, (name) => list(name, scalar("item", "number")));

const property: readonly Field[] = texts("property propertyType value");

const scoredAgent: readonly Field[] = [...texts("scoredAgentId"), ...numbers("agentScore")];

const segment: readonly Field[] = [
  ...texts(`destinationConversationId destinationSessionId disconnectType errorCode groupId queueId
    requestedLanguageId segmentEnd segmentStart segmentType sourceConversationId sourceSessionId subject
    wrapUpCode wrapUpNote`),
  ...flags("audioMuted conference videoMuted"),
  ...textLists("requestedRoutingSkillIds requestedRoutingUserIds wrapUpTags"),
  ...numberLists("q850ResponseCodes sipResponseCodes"),
  list("scoredAgents", struct("item", scoredAgent)),
  list("properties", struct("item", property)),
];

const metric: readonly Field[] = [...texts("emitDate name"), ...numbers("value")];

const outcome: readonly Field[] = texts(
  "flowOutcome flowOutcomeEndTimestamp flowOutcomeId flowOutcomeStartTimestamp flowOutcomeValue",
);

const flow: readonly Field[] = [
  ...texts(`endingLanguage entryReason entryType exitReason flowId flowName flowType flowVersion
    recognitionFailureReason startingLanguage transferTargetAddress transferTargetName transferType`),
  ...flags("issuedCallback"),
  list("outcomes", struct("item", outcome)),
];

const mediaEndpointStat: readonly Field[] = [
  ...texts("eventTime"),
  ...numbers(`discardedPackets duplicatePackets invalidPackets maxLatencyMs minMos minRFactor overrunPackets
    receivedPackets underrunPackets`),
  ...textLists("codecs"),
];

const proposedAgent: readonly Field[] = [...texts("proposedAgentId"), ...numbers("agentRank")];

const agentGroup: readonly Field[] = texts("agentGroupId agentGroupType");

const session: readonly Field[] = [
  ...texts(`addressFrom addressOther addressSelf addressTo agentAssistantId ani assignerId bargedParticipantId
    callbackScheduledTime callbackUserName coachedParticipantId cobrowseRole cobrowseRoomId deliveryStatus
    deliveryStatusChangeDate detectedSpeechEnd detectedSpeechStart direction dispositionAnalyzer
    dispositionName dnis edgeId engagementSource errorCodeDescription extendedDeliveryStatus flowInType
    flowOutType journeyActionId journeyActionMapId journeyCustomerId journeyCustomerIdType
    journeyCustomerSessionId journeyCustomerSessionIdType mediaBridgeId mediaType messageType
    monitoredParticipantId outboundCampaignId outboundContactId outboundContactListId peerId protocolCallId
    provider remote remoteNameDisplayable roomId routingRule routingRuleType screenMonitoredUserId
    screenShareAddressSelf screenShareRoomId scriptId selectedAgentId sessionDnis sessionId skillExpressionId
    usedRouting videoAddressSelf videoRoomId`),
  ...numbers(`agentBullseyeRing journeyActionMapVersion mediaCount routingRing selectedAgentRank timeoutSeconds`),
  ...flags(`acwSkipped agentOwned authenticated cleared deliveryPushed recording sharingScreen skipEnabled
    snippetRecording`),
  ...textLists(`activeSkillIds bcc callbackNumbers cc destinationAddresses removedSkillIds requestedRoutings`),
  ...numberLists("eligibleAgentCounts waitingInteractionCounts"),
  list("agentGroups", struct("item", agentGroup)),
  list("proposedAgents", struct("item", proposedAgent)),
  list("mediaEndpointStats", struct("item", mediaEndpointStat)),
  struct("flow", flow),
  list("metrics", struct("item", metric)),
  list("segments", struct("item", segment)),
];

const participant: readonly Field[] = [
  ...texts(`externalContactId externalOrganizationId flaggedReason participantId participantName purpose teamId
    userId`),
  ...flags("screenRecording"),
  list("sessions", struct("item", session)),
  map("attributes"),
];

const resolution: readonly Field[] = [...texts("eventTime queueId userId"), ...numbers("nNextContactAvoided")];

const survey: readonly Field[] = [
  ...texts(`eventTime queueId surveyCompletedDate surveyFormContextId surveyFormId surveyFormName surveyId
    surveyStatus surveyType userId`),
  ...numbers("surveyPromoterScore oSurveyTotalScore"),
  ...flags("surveyPartialResponse"),
];

const evaluation: readonly Field[] = [
  ...texts(`assigneeId calibrationId contextId evaluationId evaluationStatus evaluatorId eventTime formId formName
    queueId userId`),
  ...numbers("oTotalCriticalScore oTotalScore"),
  ...flags("assigneeApplicable deleted released rescored systemSubmitted"),
];

/**
 * What a conversation of Genesys Cloud's details jobs holds: the model AnalyticsConversation, and those beneath it, of
 * purecloud-platform-client-v2 262.0.0. The API leaves out what is null, so no page shows all of it. Numbers keep their
 * text, and times are text, as the API writes both.
 */
export const CONVERSATION_FIELDS: readonly Field[] = [
  ...texts(`associatedConversationId conferenceStart conversationEnd conversationId conversationInitiator
    conversationStart externalTag inactivityTimeout originatingDirection`),
  ...numbers("mediaStatsMinConversationMos mediaStatsMinConversationRFactor"),
  ...flags("customerParticipation originatingSocialMediaPublic selfServed"),
  ...textLists("accessAttributes consultationConversationIds divisionIds knowledgeBaseIds"),
  list("evaluations", struct("item", evaluation)),
  list("surveys", struct("item", survey)),
  list("resolutions", struct("item", resolution)),
  list("participants", struct("item", participant)),
];
