// SPDX-License-Identifier: Apache-2.0
#include "topic.h"

namespace signalbox::sample {

namespace {

using enum AskUse;

constexpr Topic kTopics[] = {
    {.id = "data-export",
     .title = "A copy of your data",
     .about = "a copy of your data",
     .facts = {{.spellings = {"My data"},
                .says = {"Open Privacy and then My data, there is a button.",
                         "You ask for it in the app, under Privacy, My data.",
                         "The button is on the page My data in the privacy settings."},
                .misses = {"You can ask for it in the app."}},
               {.spellings = {"JSON"},
                .says = {"You get JSON and CSV files in one archive.",
                         "The archive holds JSON and CSV files.",
                         "It comes as JSON and CSV, so other programs can read it."},
                .misses = {"You get everything in one archive."}},
               {.spellings = {"30 days", "thirty days", "one month"},
                .says = {"It is ready within 30 days, mostly within one.",
                         "We have 30 days for it, and rarely need more than one.",
                         "By law it takes no more than 30 days."},
                .misses = {"It is ready after a while."}}},
     .asks =
         {{"How do I get a copy of my data?", 0b001, Opener},
          {"want everything you have stored about me", 0b101, Opener},
          {"Which format will it be in?", 0b010},
          {"How long does it take?", 0b100},
          {"asked for it two weeks ago, nothing came", 0b100, FollowUp},
          {"Can I read it with a spreadsheet?", 0b010, FollowUp},
          {"Where do I find that button?", 0b001, FollowUp},
          {"Is there a legal limit for how long you may take?", 0b100},
          {"I would like to have a complete copy of what you have stored about me and about my "
           "house since "
           "2019, as I am legally entitled to, if I understand it right. My brother got such a "
           "thing from another company and it was a pile of pictures that nobody could use. Please "
           "tell me where I ask for it and in which form it will come.",
           0b011, Opener},
          {"I have asked for it in the way you described. Since then I have had a mail with a "
           "code, but no "
           "file, and the code is not accepted anywhere. The whole thing is for a hearing next "
           "month and I can not be late. Please tell me by when I will have it, and whether my "
           "lawyer's program can open it.",
           0b110, FollowUp},
          {"How do I open the file you send?", 0b010, FollowUp},
          {"My former flatmate moved out in March, and she thinks that I can still see when she "
           "came and went, because the door sensor was in her name. I would like to show her in "
           "black and white what is kept and what is not. She has studied law and knows every "
           "legal article by heart, I do not. Please tell me how she and I can each get a copy of "
           "what you hold about us, and how long this takes.",
           0b101, Either}},
     .steps = {"Open the privacy settings.", "Press the button and confirm with your password.",
               "Wait for the mail with the link.", "Save the file in a safe place."},
     .details = {"Recordings of cameras are part of it.", "The link in the mail works for a week.",
                 "You can ask again after some weeks.", "Data of other members is left out.",
                 "It costs nothing."},
     .cautions = {"Please keep the archive to yourself, it holds addresses and recordings.",
                  "A very large archive may come in several parts."}},

    {.id = "delete-account",
     .title = "Deleting your account",
     .about = "deleting your account",
     .facts =
         {{.spellings = {"14 days", "fourteen days"},
           .says = {"For 14 days you can still change your mind.",
                    "The account rests for 14 days, then it is deleted.",
                    "You have 14 days to come back."},
           .misses = {"You can still change your mind for a bit."}},
          {.spellings = {"ten years", "10 years"},
           .says = {"Invoices have to be kept for ten years, everything else goes.",
                    "Only invoices stay, for ten years, because tax law demands it.",
                    "What we must keep are the invoices, for ten years."},
           .misses = {"Everything about you is gone after that."}},
          {.spellings = {"factory reset", "reset the devices", "reset each device"},
           .says = {"Do a factory reset of each device before, or the next owner cannot use it.",
                    "A factory reset of your devices should come first.",
                    "Do a factory reset of everything you want to pass on."},
           .misses = {"You can pass on your devices afterwards."}}},
     .asks =
         {{"How do I delete my account?", 0b001, Opener},
          {"please delete everything about me", 0b011, Opener},
          {"Is it gone at once?", 0b001},
          {"Do you keep anything?", 0b010},
          {"I want to sell the {item}. Is there something to do first?", 0b100},
          {"so can I come back next week?", 0b001, FollowUp},
          {"Why do you keep invoices, and for how long?", 0b010, FollowUp},
          {"What do you keep for legal reasons?", 0b010},
          {"We are selling our house together with the lamps and the {item}, and the buyers want "
           "to use "
           "them. After that I do not need the account any more, and I would like all traces of us "
           "to be removed, as far as that is legal. Please tell me in which order I do this, and "
           "what will be left of us with you.",
           0b110, Opener},
          {"Everything is done as you said, only the one in the cellar asks for a code that I do "
           "not have, "
           "so it is still in the app. The handover is on {day}. I would like to press the button "
           "before that, but not if the buyers then stand in the dark. Please tell me how much "
           "time "
           "I have after pressing it.",
           0b101, FollowUp},
          {"Should I wipe the devices before?", 0b100, FollowUp},
          {"My uncle has died, and I am looking after his things. He had your cameras and the "
           "{item} in his house, and nobody in the family wants to go on with them. I have his "
           "papers here and the legal documents that show that I may act for him, and I can also "
           "get into his mail. Please tell me how his account is deleted, if there is something "
           "that you keep, and what to do with the devices before we give them away.",
           0b111, Opener}},
     .steps = {"Cancel running plans first.", "Open the privacy settings.",
               "Choose \"Delete my account\" and enter your password.",
               "Look out for the mail that confirms it."},
     .details = {"Credit that is left should be spent before.",
                 "Other members of the home keep their accounts.",
                 "Recordings are deleted from all copies within a month.",
                 "Open orders are delivered first.",
                 "Your address can be used for a new account later."},
     .cautions = {"Please save recordings that you still need.",
                  "We cannot bring anything back once it has been deleted."}},

    {.id = "camera-law",
     .title = "Cameras and neighbours",
     .about = "where a camera may look",
     .hardness = Hardness::Hard,
     .facts = {{.spellings = {"public pavement", "public street", "public ground"},
                .says = {"A private camera should not film the public pavement.",
                         "The public pavement and other people's ground are out of bounds.",
                         "Point it at your own ground, not at the public pavement."},
                .misses = {"On your own house you can point it where you like."}},
               {.spellings = {"privacy zone", "privacy zones"},
                .says = {"Black out the rest with a privacy zone in the app.",
                         "A privacy zone hides what you are not allowed to film.",
                         "Draw a privacy zone over it, that part is then never recorded."},
                .misses = {"You can turn it a little to the side."}},
               {.spellings = {"sign"},
                .says = {"Put up a sign that says there is a camera.",
                         "Visitors have to be told, a sign at the gate is enough.",
                         "There has to be a sign before people walk into the picture."},
                .misses = {"Visitors can see the camera themselves."}}},
     .asks =
         {{"Can my doorbell film the street?", 0b001, Opener},
          {"neighbour complains about my camera", 0b011, Opener},
          {"How can I hide a part of the picture?", 0b010},
          {"Do I have to tell visitors?", 0b100},
          {"Half of it shows his garden. What can I do?", 0b011, FollowUp},
          {"and the postman, does he have to know", 0b100, FollowUp},
          {"Is the pavement in front of my door allowed?", 0b001, FollowUp},
          {"Is it legal to film my own driveway?", 0b101, Opener},
          {"Our neighbour has sent us a letter from a lawyer, because the camera over our garage "
           "is said "
           "to film his terrace and the path in front of both houses. We have had it there for two "
           "years and never looked at anything but our own car. I would like to know what is legal "
           "here, and what we have to change so that he leaves us in peace.",
           0b111, Opener},
          {"We have now met with him and he is willing to accept the camera if nothing of his side "
           "is "
           "recorded any more. He also says that it is illegal to film people without telling "
           "them, "
           "and that the delivery men have to be warned. Please explain how we can set this up "
           "properly, and what the warning has to look like.",
           0b110, FollowUp},
          {"How do I cover up the neighbour's window in the picture?", 0b010, FollowUp},
          {"In our block of flats a bike was stolen for the third time, and the owners have "
           "decided to put one of your cameras over the entrance. You can see the mail boxes, the "
           "door, some of the street and the first step of the house across from us. The chairman "
           "says that this is perfectly legal on our own wall, and two families are against it. "
           "Please explain what we may record, what has to be covered and how people have to be "
           "told.",
           0b111, Either}},
     .steps = {"Open the live picture on a large screen.", "Mark everything that is not yours.",
               "Shorten how long recordings are kept.", "Talk to the people next door."},
     .details = {"Sound is treated more strictly than pictures.",
                 "Recordings should be deleted after three days.",
                 "A dummy can be forbidden as well.", "Tenants need the consent of the owner.",
                 "Faces at your own door may be recorded for a ring."},
     .cautions = {"This is general information and cannot replace the advice of a lawyer.",
                  "The rules may differ in your country."}},

    {.id = "processing",
     .title = "The contract for your company",
     .about = "the contract for your company",
     .hardness = Hardness::Hard,
     .facts =
         {{.spellings = {"data processing agreement", "DPA"},
           .says = {"The data processing agreement can be signed online, in the admin area.",
                    "You find the data processing agreement in the admin area, ready to sign.",
                    "For companies we offer a data processing agreement, it is in the admin area."},
           .misses = {"Such a contract is not needed with us."}},
          {.spellings = {"European Union", "in the EU"},
           .says = {"All data is stored in the European Union.",
                    "Our servers are in the European Union.",
                    "Storage and processing take place in the European Union."},
           .misses = {"Your data is stored safely with our partner."}},
          {.spellings = {"sub-processors", "subprocessors"},
           .says = {"The list of sub-processors is part of it, with 30 days of notice for changes.",
                    "You are told of new sub-processors 30 days ahead.",
                    "Annex 2 lists the sub-processors, and changes are announced 30 days before."},
           .misses = {"Our partners are chosen with care."}}},
     .asks =
         {{"Where can I sign the contract for data protection?", 0b001, Opener},
          {"our auditor wants to know where the data is stored", 0b011, Opener},
          {"In which country are your servers?", 0b010},
          {"Who else gets our data?", 0b100},
          {"Will you tell us when a partner changes?", 0b100, FollowUp},
          {"is it all inside europe", 0b010, FollowUp},
          {"Who has to sign it?", 0b001, FollowUp},
          {"Our legal team asks for your contract and the list of partners.", 0b101, Opener},
          {"We are a company with eleven offices and want to use your lamps and sensors in all of "
           "them. "
           "Before we can order, our legal department needs to have some things in writing, above "
           "all where the data is kept, who can see it and what kind of contract there is between "
           "us. Please send me what you have, or tell me where to find it.",
           0b111, Opener},
          {"Our legal people have read it and are content with most of it. There are two open "
           "points. They "
           "want to hear about new partners before these get any data and not after it, and they "
           "want to be sure that nothing leaves Europe, not even a backup. Please confirm how this "
           "is handled.",
           0b110, FollowUp},
          {"Is a partner outside Europe involved?", 0b010, FollowUp},
          {"We advise doctors who want to use your sensors in their rooms, to keep vaccines cool "
           "and for nothing else. Even so, their medical association asks each of them for a list "
           "of every company that touches any data, for the place where it is kept, and for a "
           "contract that both sides have signed. None of them has a lawyer of their own. Please "
           "tell me which of these papers you have and where each of them can find them.",
           0b111, Opener}},
     .steps = {"Sign in as an administrator.", "Open Company and then Contracts.",
               "Fill in the name of the company.", "Download the copy with both signatures."},
     .details = {"An auditor can have a read-only account.",
                 "Our certificate is renewed every year.",
                 "Backups are encrypted and kept for a month.",
                 "Deletion at the end is confirmed in writing.",
                 "A person in our team answers questions of auditors."},
     .cautions = {"Please have it checked by your own adviser, as we cannot advise you.",
                  "Changes of our text may take some weeks."}},

    {.id = "warranty",
     .title = "Your warranty",
     .about = "your warranty",
     .hardness = Hardness::Hard,
     .facts = {{.spellings = {"two years", "24 months"},
                .says = {"The guarantee lasts for two years from delivery.",
                         "You are covered for two years.", "For two years we answer for defects."},
                .misses = {"The guarantee lasts for a fair time."}},
               {.spellings = {"first year", "first twelve months"},
                .says = {"In the first year we have to show that it was not our fault.",
                         "During the first year a defect counts as ours unless we prove otherwise.",
                         "In the first year you need not prove anything."},
                .misses = {"You will have to show that it was our fault."}},
               {.spellings = {"repair or replacement", "repair or a replacement",
                              "repaired or replaced"},
                .says = {"You may choose between repair or replacement.",
                         "The choice of repair or replacement is yours.",
                         "First comes repair or replacement, your money back only after that."},
                .misses = {"You will get something of the same worth."}}},
     .asks =
         {{"How long is the warranty on the {item}?", 0b001, Opener},
          {"the {item} died after 14 months", 0b011, Opener},
          {"Do I get a new one or will it be repaired?", 0b100},
          {"Who has to prove that it was broken from the start?", 0b010},
          {"You say I dropped it. Who has to prove that?", 0b010, FollowUp},
          {"can i choose", 0b100, FollowUp},
          {"So is it still covered?", 0b001, FollowUp},
          {"What is the legal guarantee?", 0b001, Opener},
          {"The {item} that I bought with you nine months ago has stopped working. In the chat I "
           "was told "
           "that I have to prove that I have not damaged it myself, which I think is wrong under "
           "the "
           "legal guarantee. I have the receipt, the box and pictures of the place where it hung. "
           "Please tell me what my rights are, and what you will do.",
           0b111, Opener},
          {"Thank you for being so clear about it. One of my other lamps has the same fault, but "
           "it is "
           "older, I think I bought it in the spring of last year, the code on the bottom begins "
           "with 22. I would rather have a new one than a mended one in both cases. Please tell me "
           "whether that is something I can ask for.",
           0b101, FollowUp},
          {"Is it you or me who must prove the fault?", 0b010, FollowUp},
          {"Eighteen months ago we fitted our whole staircase with your lamps, thirty in all, and "
           "in the last weeks four of them began to flicker, one after the other. The electrician "
           "has checked the wires and written down that they are fine. The first mail from your "
           "side said that the time for a complaint is over, which cannot be legal as far as I "
           "know. Please tell me how long you answer for them and what we can ask for.",
           0b101, Opener}},
     .steps = {"Look for the date of the delivery.", "Describe the fault in two sentences.",
               "Report it under the order.", "Send it in with the label that you get."},
     .details = {"The receipt in your account is enough.", "Batteries count as parts that wear.",
                 "Some products carry a longer promise of their maker.",
                 "We pay for the way in both directions.", "A used product has a shorter term."},
     .cautions = {"Please do not open the housing before.",
                  "This is a summary, and the law of your country may say more."}},

    {.id = "air-monitor",
     .title = "What the air monitor can tell",
     .about = "the readings of your air monitor",
     .hardness = Hardness::Hard,
     .facts = {{.spellings = {"not a medical device", "no medical device"},
                .says = {"The air monitor is not a medical device.",
                         "It is not a medical device and was never tested as one.",
                         "Please keep in mind that this is not a medical device."},
                .misses = {"The air monitor is very reliable."}},
               {.spellings = {"1,000 ppm", "1000 ppm"},
                .says = {"Open a window when it shows more than 1,000 ppm.",
                         "Above 1,000 ppm the air is used up and you should open a window.",
                         "Good air stays below 1,000 ppm of carbon dioxide."},
                .misses = {"Open a window when it shows a high value."}},
               {.spellings = {"doctor"},
                .says = {"With complaints, see a doctor rather than an app.",
                         "If somebody feels unwell, ask a doctor.", "Symptoms belong to a doctor."},
                .misses = {"If somebody feels unwell, the app will show what to do."}}},
     .asks =
         {{"When should I open the window?", 0b010, Opener},
          {"air monitor shows 1400, is that bad", 0b010, Opener},
          {"Can I rely on it for my asthma?", 0b101},
          {"Which value is still fine?", 0b010},
          {"My son coughs at night. Is it the air?", 0b100, FollowUp},
          {"and if I feel dizzy at 1500?", 0b110, FollowUp},
          {"can it tell me whether I'm ill", 0b101},
          {"Is the air monitor a medical device?", 0b001, Opener},
          {"My mother lives with us and has a lung disease. In her room there is one of your air "
           "monitors "
           "and at night it goes up to 1,300. The nurse asked us whether this is a medical device "
           "and whether we may rely on it to decide about her oxygen. I said that I would ask you. "
           "Please tell us what it is good for, and what not.",
           0b111, Opener},
          {"That is what the nurse had thought as well. We have put the monitor on the shelf, away "
           "from "
           "the bed, and write down the values for her medical record, in the morning and in the "
           "evening. Please tell us from which value on we should let in some air, and what to do "
           "if she does not feel well although the number is low.",
           0b110, FollowUp},
          {"At which number do I have to do something?", 0b010, FollowUp},
          {"As a teacher I have one of your monitors on my desk, and in the third lesson it shows "
           "1,900 or more. Two parents have written to me that their children come home with "
           "headaches, and one of them wants to use the values as medical evidence against the "
           "school. I do not think that this is what the thing was made for, but I am no expert. "
           "Please tell me what it can show and what not, from which value on we must open the "
           "windows, and to whom I should send the parents.",
           0b111, Either}},
     .steps = {"Put the monitor at the height of your head.", "Give it a day to settle.",
               "Air the room for five minutes.", "Look at the curve of the week."},
     .details = {"Plants change the value very little.",
                 "Cooking and candles can be seen in the curve.",
                 "The sensor sets itself once a week.",
                 "It measures carbon dioxide, damp and dust.",
                 "A colour on the front shows the state."},
     .cautions = {"I cannot give advice on health, only on the device.",
                  "A value may be wrong right after cleaning."}},
};

constexpr std::string_view kAsides[] = {
    "Our privacy page explains this in plain words.",
    "You can reach our data protection officer through the same form.",
    "What you write to us here is kept for a year.",
    "The answer does not depend on your plan.",
    "You will find the same text in the terms, with a date.",
};

} // namespace

const SegmentTopics kPrivacyTopics = {"Privacy and legal", 0.09, kTopics, kAsides};

} // namespace signalbox::sample
