// Parts of a dossier that single kinds need, the same shape in a draft and in what is shown. Types alone, no behaviour.
import { ArrayMaxSize, IsOptional, Matches, Max, Min, ValidateNested } from 'class-validator'
import { Field, Float, InputType, ObjectType } from 'type-graphql'
import type { NoticeTime, RequestRelation, ServiceMethod } from '../src/domain/vocabulary'
import { NoticeTimeEnum, RequestRelationEnum, ServiceMethodEnum } from './enums'
import { ByteCountScalar, CountryCodeScalar, DurationScalar, InstantScalar, LocalDateScalar, Sha256Scalar } from './scalars'
import { Coded, Name, Names, OptionalCoded, OptionalCodes, OptionalName, OptionalNames, OptionalProse, OptionalProses, Prose } from './texts'

/** One class, two types: `Asset` that is shown, `AssetInput` that is drafted. */
export const Part = (name: string, description: string): ClassDecorator => type => {
  ObjectType(name, { description })(type)
  InputType(`${name}Input`, { description })(type)
}

@Part('Attachment', 'A document that goes with the request, by its digest.')
export class Attachment {
  @Name('What it is') label!: string
  @Name('Media type') mediaType!: string
  @Field(() => ByteCountScalar, { description: 'Size in bytes.' }) bytes!: number
  @Field(() => Sha256Scalar, { description: 'Digest of its bytes.' }) sha256!: string
}

@Part('AttachedDocument', 'An order, judgment or certificate among the attachments.')
export class AttachedDocument {
  @Name('What it is') label!: string
  @Name('Court or authority that issued it') issuedBy!: string
  @Field(() => LocalDateScalar, { description: 'Day of issue.' }) issuedOn!: string
  @Field(() => Boolean, { nullable: true, description: 'Whether it is a certified copy; null where not said.' }) @IsOptional() certified?: boolean | null
  @Field(() => Sha256Scalar, { description: 'Digest of the attachment that holds it.' }) sha256!: string
}

@Part('Validation', 'Sign-off by a judge, court or prosecutor in the requesting state.')
export class Validation {
  @Name('Judge, court or prosecutor by function, no personal name') authority!: string
  @Field(() => LocalDateScalar, { description: 'Day of the sign-off.' }) on!: string
}

@Part('LegalEntity', 'A company or other legal person concerned.')
export class LegalEntity {
  @Name('Its name') name!: string
  @OptionalName('Number in the register of its seat') registerNumber?: string | null
  @OptionalName('Its seat') seat?: string | null
}

@Part('Asset', 'Something to be traced, frozen, confiscated or returned.')
export class Asset {
  @Coded('Code of the list ASSET_KIND') kind!: string
  @Prose('What it is') description!: string
  @OptionalProse('Where it is') location?: string | null
  @Field(() => Float, { nullable: true, description: 'Its value in `currency`, from 0; null where not known.' }) @IsOptional() @Min(0) @Max(1e15) value?: number | null
  @Field(() => String, { nullable: true, description: 'ISO 4217, three capitals; null where not known.' }) @IsOptional() @Matches(/^[A-Z]{3}$/) currency?: string | null
  @OptionalName('Who holds it') holder?: string | null
  @Field(() => Sha256Scalar, { nullable: true, description: 'Digest of the attachment that orders it, where it is not the request\'s own order.' }) @IsOptional() orderSha256?: string | null
}

@Part('Sentence', 'A sentence that was passed.')
export class Sentence {
  @Field(() => DurationScalar, { description: 'Its length, `P5Y`.' }) length!: string
  @Field(() => DurationScalar, { nullable: true, description: 'How much of it is served; null where not said.' }) @IsOptional() served?: string | null
  @Field(() => LocalDateScalar, { nullable: true, description: 'Its last day; null where none is set.' }) @IsOptional() endsOn?: string | null
  @Field(() => Boolean, { description: 'Whether the judgment is final.' }) final!: boolean
}

@Part('PersonConsent', 'What the person concerned says to the measure.')
export class PersonConsent {
  @Field(() => Boolean, { description: 'Whether the person consents.' }) given!: boolean
  @Field(() => LocalDateScalar, { nullable: true, description: 'Day of the statement; null where not said.' }) @IsOptional() on?: string | null
  @Field(() => AttachedDocument, { nullable: true, description: 'The record of it; null where none is attached.' }) @IsOptional() @ValidateNested() document?: AttachedDocument | null
}

@Part('ProvisionalArrest', 'Arrest before the request for extradition is complete.')
export class ProvisionalArrest {
  @Field(() => Boolean, { description: 'Whether it is asked for.' }) requested!: boolean
  @Field(() => LocalDateScalar, { nullable: true, description: 'Day of the arrest; null where not arrested.' }) @IsOptional() arrestedOn?: string | null
}

@Part('Assurance', 'What the requesting state promises.')
export class Assurance {
  @Coded('Code of the list CONDITION') code!: string
  @Prose('The promise in words') text!: string
}

@Part('DocumentToServe', 'A document to be served on the addressee.')
export class DocumentToServe {
  @Name('Its title') title!: string
  @Prose('What it says and warns of, in short') summary!: string
  @Field(() => LocalDateScalar, { nullable: true, description: 'Day by which the addressee must act; null where none.' }) @IsOptional() actBy?: string | null
  @Field(() => ServiceMethodEnum, { nullable: true, description: 'How it is to be served; null leaves it to the requested state.' }) @IsOptional() method?: ServiceMethod | null
  @OptionalProse('The special method in words') specialMethod?: string | null
  @Field(() => Sha256Scalar, { nullable: true, description: 'Digest of the attachment that holds it; null where it follows.' }) @IsOptional() sha256?: string | null
}

@Part('Hearing', 'Arrangements of a hearing by video or telephone, or by a court abroad.')
export class Hearing {
  @Field(() => InstantScalar, { description: 'First moment that suits.' }) from!: string
  @Field(() => InstantScalar, { description: 'Last moment that suits.' }) to!: string
  @Prose('Technical means') technicalMeans!: string
  @OptionalProses('Questions or subjects') questions?: string[] | null
  @OptionalProse('Oath, affirmation or other form') oath?: string | null
  @OptionalCoded('Language of the interpreter, code of the list LANGUAGE') interpreter?: string | null
  @OptionalProse('Law and rights under which the person is heard') lawApplied?: string | null
}

@Part('CustodyTransfer', 'Temporary transfer of a person in custody.')
export class CustodyTransfer {
  @Name('Who is transferred') person!: string
  @Field(() => LocalDateScalar, { description: 'First day.' }) from!: string
  @Field(() => LocalDateScalar, { description: 'Day of return.' }) returnOn!: string
  @OptionalProse('Terms') terms?: string | null
}

@Part('InvestigationTeam', 'The joint investigation team that is proposed.')
export class InvestigationTeam {
  @Field(() => [CountryCodeScalar], { description: 'States that take part; at most 100.' }) @ArrayMaxSize(100) parties!: string[]
  @Prose('Its purpose') purpose!: string
  @Field(() => LocalDateScalar, { description: 'First day.' }) from!: string
  @Field(() => LocalDateScalar, { description: 'Last day.' }) until!: string
  @Name('Who leads, by function') leader!: string
  @Names('Members by function and authority, no personal names') members!: string[]
  @Prose('Powers of seconded members') powers!: string
  @Prose('By which rules evidence is taken and used') evidenceRule!: string
  @OptionalProse('Disclosure to the defence') disclosure?: string | null
}

@Part('InfoOffered', 'Information that is offered without being asked.')
export class InfoOffered {
  @Prose('The information') content!: string
  @OptionalCodes('Conditions of use, codes of the list CONDITION') conditionsOfUse?: string[] | null
  @Field(() => InstantScalar, { nullable: true, description: 'By when an answer is hoped for; null where not said.' }) @IsOptional() answerBy?: string | null
}

@Part('CivilCase', 'The civil or commercial case.')
export class CivilCase {
  @Name('The court') court!: string
  @Names('The parties') parties!: string[]
  @OptionalNames('Their counsel') counsel?: string[] | null
  @Prose('What is claimed') claim!: string
  @OptionalProse('Privileges that may be claimed') privilege?: string | null
}

@Part('NoticeToPerson', 'When the person concerned is told of the measure.')
export class NoticeToPerson {
  @Field(() => NoticeTimeEnum, { description: 'When.' }) when!: NoticeTime
  @OptionalProse('Why not at once, or the law that forbids it') reason?: string | null
  @Field(() => LocalDateScalar, { nullable: true, description: 'Day on which a deferral is reviewed; null where nothing is deferred.' }) @IsOptional() reviewOn?: string | null
}

@Part('Translation', 'A translation of the request.')
export class Translation {
  @Coded('Code of the list LANGUAGE') language!: string
  @Field(() => Boolean, { description: 'Whether a translator certified it; false for a machine\'s draft.' }) certified!: boolean
  @OptionalName('Who translated, by function') translator?: string | null
  @Field(() => Sha256Scalar, { nullable: true, description: 'Digest of the attachment that holds it; null where it is the text itself.' }) @IsOptional() sha256?: string | null
}

@Part('RelatedRequest', 'Another request that this one stands beside.')
export class RelatedRequest {
  @Coded('Its reference, `DE-2026-000123`') @Matches(/^[A-Z]{2}-\d{4}-\d{6,12}$/, { message: 'A reference: country, year and number, as in DE-2026-000123.' }) reference!: string
  @Field(() => RequestRelationEnum, { description: 'How this one stands to it.' }) relation!: RequestRelation
}

/** What both `Dossier` and `DossierInput` hold beside the contract's fields. */
@ObjectType() @InputType()
export abstract class DossierParts {
  @Field(() => Validation, { nullable: true, description: 'Sign-off by judge, court or prosecutor.' }) @IsOptional() @ValidateNested() validation?: Validation | null
  @Field(() => AttachedDocument, { nullable: true, description: 'Warrant or judgment, certified copy.' }) @IsOptional() @ValidateNested() warrant?: AttachedDocument | null
  @Field(() => AttachedDocument, { nullable: true, description: 'Freezing or confiscation order, or its certificate.' }) @IsOptional() @ValidateNested() order?: AttachedDocument | null
  @Field(() => [Attachment], { nullable: true, description: 'Documents that go with the request; at most 100.' }) @IsOptional() @ArrayMaxSize(100) @ValidateNested({ each: true }) attachments?: Attachment[] | null
  @Field(() => [LegalEntity], { nullable: true, description: 'Legal persons concerned; at most 100.' }) @IsOptional() @ArrayMaxSize(100) @ValidateNested({ each: true }) legalEntities?: LegalEntity[] | null
  @Field(() => [Asset], { nullable: true, description: 'Assets; at most 100.' }) @IsOptional() @ArrayMaxSize(100) @ValidateNested({ each: true }) assets?: Asset[] | null
  @Field(() => Sentence, { nullable: true, description: 'Sentence of the person.' }) @IsOptional() @ValidateNested() sentence?: Sentence | null
  @Field(() => PersonConsent, { nullable: true, description: 'Consent of the person.' }) @IsOptional() @ValidateNested() personConsent?: PersonConsent | null
  @Field(() => ProvisionalArrest, { nullable: true, description: 'Provisional arrest.' }) @IsOptional() @ValidateNested() provisionalArrest?: ProvisionalArrest | null
  @Field(() => [Assurance], { nullable: true, description: 'Assurances given; at most 100.' }) @IsOptional() @ArrayMaxSize(100) @ValidateNested({ each: true }) assurances?: Assurance[] | null
  @Field(() => [DocumentToServe], { nullable: true, description: 'Documents to serve; at most 100.' }) @IsOptional() @ArrayMaxSize(100) @ValidateNested({ each: true }) documentsToServe?: DocumentToServe[] | null
  @Field(() => Hearing, { nullable: true, description: 'Arrangements of the hearing.' }) @IsOptional() @ValidateNested() hearing?: Hearing | null
  @Field(() => CustodyTransfer, { nullable: true, description: 'Transfer of a person in custody.' }) @IsOptional() @ValidateNested() custodyTransfer?: CustodyTransfer | null
  @Field(() => InvestigationTeam, { nullable: true, description: 'The team proposed.' }) @IsOptional() @ValidateNested() investigationTeam?: InvestigationTeam | null
  @Field(() => InfoOffered, { nullable: true, description: 'Information offered.' }) @IsOptional() @ValidateNested() infoOffered?: InfoOffered | null
  @Field(() => CivilCase, { nullable: true, description: 'The civil case.' }) @IsOptional() @ValidateNested() civilCase?: CivilCase | null
  @OptionalProse('Who of the requesting side wants to be present') presenceOfOfficials?: string | null
  @OptionalProse('Why it is confidential') confidentialityReason?: string | null
  @Field(() => NoticeToPerson, { nullable: true, description: 'Notice to the person concerned.' }) @IsOptional() @ValidateNested() noticeToPerson?: NoticeToPerson | null
  @OptionalProse('Rule on which the retention rests') retentionBasis?: string | null
  @OptionalCodes('Labels of sensitive content, codes of the list SENSITIVITY') sensitivity?: string[] | null
  @Field(() => [Translation], { nullable: true, description: 'Translations; at most 100.' }) @IsOptional() @ArrayMaxSize(100) @ValidateNested({ each: true }) translations?: Translation[] | null
  @Field(() => [RelatedRequest], { nullable: true, description: 'Other requests that this one stands beside; at most 100. The requested side is told of those alone to which it is a party. Shown are those that both sides of this request may see; null without any. See `Request.relations` for all that the viewer may see, in both directions.' }) @IsOptional() @ArrayMaxSize(100) @ValidateNested({ each: true }) relatedRequests?: RelatedRequest[] | null
  @OptionalProse('Remedies that are open in the requesting state') remedies?: string | null
  @OptionalProse('Who bears which costs') costs?: string | null
}
