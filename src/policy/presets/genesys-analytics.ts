import { fields, type PresetRule, PSEUDONYMISED, paths, SUPPRESSED, TEXT } from "./preset.ts";

const token = (domain: string, prefix: string) => ({
  mask: "token",
  options: { domain, prefix },
  clause: PSEUDONYMISED,
});

/** People have one domain, with the preset contact-center's: a participant joins with a contact's name. */
const person = { mask: "token", options: { domain: "person" }, clause: PSEUDONYMISED };
/** A phone number, an email or a SIP address, an id: whatever stands there goes as a whole. */
const address = token("address", "Addr_");
const scanned = { mask: "scan", clause: SUPPRESSED };
const dropped = { mask: "drop", clause: SUPPRESSED };

/** Seven characters or more of a number, and nothing else. */
const PHONE = "/^(?:tel:|sips?:)?[+\\d][\\d ().-]{6,60}$/";

/** AnalyticsConversation of Genesys Cloud's conversation details, and its external contacts. */
export const genesysAnalytics: readonly PresetRule[] = [
  // Participants and sessions: who called whom.
  // A phone number, an email address, or else a name.
  { field: "remote", when: { is: [PHONE] }, mask: "phone", clause: SUPPRESSED },
  { field: "remote", when: { is: ["*@*"] }, mask: "email", clause: PSEUDONYMISED },
  ...fields("participantName callbackUserName remote remoteNameDisplayable", person),
  ...fields("ani dnis sessionDnis callbackNumbers", { mask: "phone", clause: SUPPRESSED }),
  ...fields(
    `addressFrom addressTo addressSelf addressOther destinationAddresses videoAddressSelf screenShareAddressSelf`,
    address,
  ),
  ...fields("cc bcc", { mask: "email", clause: PSEUDONYMISED }),
  ...paths("*flow.transferTargetName", person),
  ...paths("*flow.transferTargetAddress *flow.entryReason", address),

  // Free text, and maps with any key.
  // As structs where JSON lines are read that somebody else exported.
  ...paths(
    "*participants[].attributes{*} *participants[].attributes.* *customFields{*} *customFields.* *customFields",
    token("attribute", "Attr_"),
  ),
  // A property's value may be anything.
  ...paths("*segments[].properties[].value", token("attribute", "Attr_")),
  ...paths("*segments[].properties[].property", scanned),
  ...fields("subject wrapUpNote wrapUpTags errorCodeDescription flowOutcome flowOutcomeValue", {
    ...scanned,
    kinds: TEXT,
  }),
  ...paths("*flow.exitReason *flow.recognitionFailureReason", scanned),
  ...fields("externalTag", token("external-id", "Ext_")),

  // Ids that lead back to a customer: joinable among themselves, in one domain where they are of one thing.
  ...fields("externalContactId", token("external-contact", "Contact_")),
  ...fields("externalOrganizationId", token("external-organization", "Org_")),
  ...fields("journeyCustomerId", token("journey-customer", "Journey_")),
  ...fields("outboundContactId", token("outbound-contact", "Contact_")),
  ...fields(
    `conversationId associatedConversationId consultationConversationIds destinationConversationId
    sourceConversationId`,
    token("conversation", "Conversation_"),
  ),
  ...fields(
    "participantId monitoredParticipantId coachedParticipantId bargedParticipantId",
    token("participant", "Participant_"),
  ),
  ...fields(
    `sessionId destinationSessionId sourceSessionId peerId protocolCallId roomId cobrowseRoomId screenShareRoomId
    videoRoomId mediaBridgeId journeyCustomerSessionId`,
    token("session", "Session_"),
  ),

  // Staff.
  ...fields(
    `userId assignerId selectedAgentId assigneeId evaluatorId agentId monitoringUserId supervisorId resolutionUserId
    proposedAgentId scoredAgentId screenMonitoredUserId requestedRoutingUserIds`,
    token("staff", "Agent_"),
  ),
  ...fields("teamId", token("team", "Team_")),

  // Times are what such data is analysed by.
  ...fields(
    `conversationStart conversationEnd conferenceStart segmentStart segmentEnd callbackScheduledTime eventTime emitDate
    deliveryStatusChangeDate detectedSpeechStart detectedSpeechEnd flowOutcomeStartTimestamp flowOutcomeEndTimestamp
    surveyCompletedDate inactivityTimeout`,
    { mask: "keep", clause: "kept: no identifier of a person by itself" },
  ),

  // External contacts.
  ...fields("firstName middleName lastName", person),
  ...paths(
    `*workPhone.display *workPhone.e164 *workPhone.userInput *cellPhone.display *cellPhone.e164 *cellPhone.userInput
    *homePhone.display *homePhone.e164 *homePhone.userInput *otherPhone.display *otherPhone.e164 *otherPhone.userInput`,
    { mask: "phone", clause: SUPPRESSED },
  ),
  ...fields("workPhone cellPhone homePhone otherPhone", { mask: "phone", clause: SUPPRESSED }),
  ...fields("workEmail personalEmail otherEmail", { mask: "email", clause: PSEUDONYMISED }),
  ...paths("*address.address1 *address.address2 *address.city *address.postalCode", dropped),
  ...paths("*address.state", { mask: "keep", clause: "kept: a state names no person" }),
  ...fields("twitterId facebookId lineId whatsAppId instagramId appleOpaqueIds", token("social", "Social_")),
  ...paths(
    `*twitterId.id *twitterId.name *twitterId.screenName *facebookId.displayName *facebookId.ids[].scopedId *lineId.displayName
    *lineId.ids[].userId *whatsAppId.displayName *whatsAppId.phoneNumber.e164 *whatsAppId.phoneNumber.display
    *instagramId.displayName *instagramId.ids[].scopedId *instagramId.profileImageUrl`,
    token("social", "Social_"),
  ),
  ...paths("*externalIds[].value", token("external-id", "Ext_")),
];
